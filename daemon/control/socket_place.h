/// Where the control socket lies: STATE/reeld.sock, however deep the state folder is.
///
/// The kernel takes 107 bytes for a socket's path. A longer one is spelled through a descriptor of its folder
/// (/proc/self/fd/N/reeld.sock), by the daemon that binds it and by the command that connects alike.
///
/// Threading: any. Ownership: holds the folder open; short_path() is good as long as it lives. Errors: a
/// folder that cannot be opened is an errno, and there is no socket then.
#pragma once

#include "daemon/output/fd.h"

#include <filesystem>
#include <string>

namespace reeld {

class SocketPlace {
public:
    explicit SocketPlace(const std::filesystem::path& state);

    /// As people call it.
    [[nodiscard]] const std::string& path() const { return path_; }

    /// As bind() and connect() take it.
    [[nodiscard]] std::string short_path() const;

    /// Whether somebody listens: 0, or the errno of the attempt. ENOENT and ECONNREFUSED: nobody.
    [[nodiscard]] int why_unreachable() const;

private:
    std::string path_;
    Fd folder_;
    int error_ = 0; ///< Why there is no folder.
};

} // namespace reeld
