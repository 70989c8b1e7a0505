/// A sandbox of the program's own: `run --sandbox` and `serve --sandbox` start it and end it.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace reeld {

/// `reeld sandbox` as a child process on a free loopback port. It ends with its parent, however that ends.
class OwnSandbox {
public:
    /// Starts it with further options of `reeld sandbox`, and waits until it listens. Throws
    /// std::system_error when it cannot be started, and std::runtime_error with what it said when it does not
    /// come up: its options are wrong.
    OwnSandbox(const std::string& program, const std::vector<std::string>& options);
    ~OwnSandbox();
    OwnSandbox(const OwnSandbox&) = delete;
    OwnSandbox& operator=(const OwnSandbox&) = delete;

    [[nodiscard]] const std::string& base_url() const { return base_url_; }

    /// Ends it and returns the report that it printed on what it saw.
    [[nodiscard]] std::string stop();

private:
    [[nodiscard]] std::string said() const;

    pid_t pid_ = -1;
    int said_fd_ = -1; ///< A memory file that takes the child's standard error.
    std::string base_url_;
};

} // namespace reeld
