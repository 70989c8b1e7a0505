/// `reeld sandbox`: a stand-in for the provider on a loopback port.
///
/// It enforces the provider's limits, finishes predictions after plausible times, misbehaves on request,
/// and reports what its client did. A test puts one on its own loop; `run_sandbox` is the whole program.
/// Threading: the loop's.
#pragma once

#include "daemon/http/server.h"
#include "daemon/loop/loop.h"
#include "daemon/sandbox/provider.h"
#include "daemon/sandbox/state_file.h"

#include <filesystem>
#include <optional>
#include <string>

namespace reeld {

struct SandboxOptions {
    sandbox::ProviderOptions provider;
    std::uint16_t port = 0;      ///< On 127.0.0.1 only; 0: a free one.
    std::filesystem::path state; ///< Predictions are kept in this file; empty: in memory only.
    int ready_fd = -1; ///< run_sandbox() writes the base URL and a line feed to it and closes it; -1: none.
};

class Sandbox {
public:
    /// Listens when it returns; answers while `loop` turns. Throws std::runtime_error, with words for a
    /// person, when the options are wrong, the port is taken or the state file cannot be read. The loop
    /// must outlive it.
    Sandbox(Loop& loop, SandboxOptions options);

    /// "http://127.0.0.1:PORT/v1": what a client configures as `api.base_url`.
    [[nodiscard]] const std::string& base_url() const { return base_url_; }

    [[nodiscard]] sandbox::Report report() const { return provider_.report(); }

private:
    [[nodiscard]] http::Reply answer(const http::Request& request);
    void restore();

    Loop& loop_;
    const SandboxOptions options_;
    std::optional<sandbox::StateFile> state_;
    http::Server server_;
    std::string base_url_;
    sandbox::Provider provider_;
};

/// Runs a sandbox on a loop of its own until SIGTERM or SIGINT. The first line on stdout is "listening on
/// http://127.0.0.1:PORT/v1"; the report goes to stderr at the end. Returns an exit code: 0, or 2 with a
/// message on stderr when it cannot start.
[[nodiscard]] int run_sandbox(const SandboxOptions& options);

} // namespace reeld
