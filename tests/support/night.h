/// A night in a folder: a sandbox, a configuration that points at it, storyboards, and the real program.
#pragma once

#include "tests/support/files.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

#include <filesystem>
#include <map>
#include <memory>
#include <rapidjson/document.h>
#include <string>
#include <vector>

namespace reeld::test {

/// `reeld sandbox` on a free port, as a process of its own.
class SandboxProgram {
public:
    /// `options`: further options of `reeld sandbox`. Returns when it listens; throws when it does not come
    /// up.
    explicit SandboxProgram(const std::vector<std::string>& options);

    [[nodiscard]] const std::string& base_url() const { return base_url_; }

    /// Nobody answers at its address any more.
    void stop() { program_.reset(); }

    /// GET /report.
    [[nodiscard]] rapidjson::Document report() const;

private:
    std::unique_ptr<Program> program_;
    std::string base_url_;
};

class Night {
public:
    explicit Night(const std::vector<std::string>& sandbox_options);

    [[nodiscard]] SandboxProgram& sandbox() { return sandbox_; }
    [[nodiscard]] const TempFolder& folder() const { return folder_; }

    /// Writes a file into the folder and returns its path.
    std::string write(const std::string& name, const std::string& content) const;

    /// A storyboard of `shots` shots with different prompts.
    [[nodiscard]] static std::string storyboard(int shots);

    /// Adds lines to the configuration: replaces the value of a top-level key.
    void configure(const std::string& key, const std::string& value) { config_[key] = value; }

    /// Webhooks on, at a port of this machine that is free.
    void listen_for_webhooks();

    /// `http.listen` on, at a port of this machine that is free. Returns its base URL.
    std::string listen_for_browsers();

    /// Writes the configuration as it is now; reeld() does so as well. For a daemon that reads it anew.
    void write_configuration() const;

    /// `reeld <words>` with the configuration, in the folder.
    [[nodiscard]] ProgramStart reeld(const std::vector<std::string>& words) const;

    /// The content of OUTPUT/<batch>/<file>, empty when it is not there.
    [[nodiscard]] std::string output(const std::string& batch, const std::string& file) const;
    [[nodiscard]] rapidjson::Document manifest(const std::string& batch) const;

private:
    TempFolder folder_;
    SandboxProgram sandbox_;
    std::map<std::string, std::string> config_;
};

/// Options of a sandbox that loses the answer to every create and has no list, and `more`.
[[nodiscard]] std::vector<std::string> losing_every_create(const std::vector<std::string>& more);

/// The first prediction in the file that `reeld sandbox --state` keeps: what a person would see at the
/// provider.
[[nodiscard]] std::string first_prediction(const std::filesystem::path& sandbox_state);

} // namespace reeld::test
