#include "daemon/sandbox/sandbox.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace reeld {

namespace {

constexpr int kExitCannotStart = 2;

/// The options as they will be used. Without a salt, ids come from the time of the start: a client must
/// never find another wish under an id that it got from an earlier sandbox.
SandboxOptions settled(SandboxOptions options, Stamp now) {
    const std::string complaint = sandbox::complaint_about(options.provider);
    if (!complaint.empty()) throw std::runtime_error(complaint);
    if (options.provider.id_salt == 0) {
        options.provider.id_salt = static_cast<std::uint64_t>(now.wall.time_since_epoch().count());
    }
    return options;
}

/// Each connection is a descriptor, and the usual soft limit of 1,024 is less than the server takes.
void allow_many_connections() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

void tell(int fd, const std::string& base_url) {
    const std::string line = base_url + "\n";
    const ssize_t written = ::write(fd, line.data(), line.size());
    const int error = errno;
    ::close(fd);
    if (written != static_cast<ssize_t>(line.size())) {
        throw std::runtime_error(fmt::format("--ready-fd {}: {}", fd, std::strerror(error)));
    }
}

} // namespace

Sandbox::Sandbox(Loop& loop, SandboxOptions options)
    : loop_(loop), options_(settled(std::move(options), loop.now())),
      server_(loop, {.port = options_.port},
              [this](const sandbox::Request& request) { return answer(request); }),
      base_url_(fmt::format("http://127.0.0.1:{}/v1", server_.port())),
      provider_(options_.provider, base_url_), webhooks_(loop, provider_) {
    restore();
    webhooks_.look();
}

void Sandbox::restore() {
    if (options_.state.empty()) return;
    state_.emplace(options_.state);
    const Stamp now = loop_.now();
    std::size_t number = 0;
    for (const std::string& line : state_->take_lines()) {
        ++number;
        const std::string complaint = provider_.restore(line, now);
        if (complaint.empty()) continue;
        throw std::runtime_error(
            fmt::format("{}:{}: this line cannot be used: {}; remove the line, or the file "
                        "to start without predictions",
                        state_->path().string(), number, complaint));
    }
}

sandbox::Reply Sandbox::answer(const sandbox::Request& request) {
    sandbox::Reply reply = provider_.answer(request, loop_.now());
    webhooks_.look();
    if (!state_ || reply.record.empty()) return reply;
    const std::string complaint = state_->append(reply.record);
    if (complaint.empty()) return reply;
    return sandbox::refusal({500, "Internal server error", complaint}, options_.provider.error_shape);
}

int run_sandbox(const SandboxOptions& options) try {
    allow_many_connections();
    Loop loop;
    const auto terminated = loop.watch_signal(SIGTERM, [&loop] { loop.exit(0); });
    const auto interrupted = loop.watch_signal(SIGINT, [&loop] { loop.exit(0); });
    const Sandbox sandbox(loop, options);
    fmt::print("listening on {}\n", sandbox.base_url());
    std::fflush(stdout);
    if (options.ready_fd >= 0) tell(options.ready_fd, sandbox.base_url());
    const int code = loop.run();
    fmt::print(stderr, "{}", to_text(sandbox.report()));
    return code;
} catch (const std::exception& error) {
    fmt::print(stderr, "reeld sandbox: {}\n", error.what());
    return kExitCannotStart;
}

} // namespace reeld
