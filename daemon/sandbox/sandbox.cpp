#include "daemon/sandbox/sandbox.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

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

/// What of a reply goes to the client. Leaves it empty.
http::Reply sent_part(http::Reply& reply) {
    return std::move(reply);
}

/// As patient and as roomy as the provider: a client of ours that opens a connection for every create must
/// not meet a limit of the sandbox's.
http::Server::Options server_options(std::uint16_t port) {
    http::Server::Options options;
    options.listen.port = port;
    options.listen.remedy = "choose another --port, or 0 for a free one";
    options.connections_max = 4096;
    options.connections_per_address_max = 4096;
    options.header_bytes_max = std::size_t{32} << 10;
    options.chunked_bodies = true;
    options.idle_timeout = std::chrono::seconds{75};
    options.request_timeout = std::chrono::seconds{120};
    options.refusal = [](const http::Refusal& refusal) {
        sandbox::Reply refused =
            sandbox::refusal({refusal.status, refusal.message, refusal.remedy}, sandbox::ErrorShape::both);
        return sent_part(refused);
    };
    return options;
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
      server_(
          loop, server_options(options_.port),
          [this](const http::Request& request, const http::Respond& respond) { answer(request, respond); }),
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

void Sandbox::answer(const http::Request& request, const http::Respond& respond) {
    sandbox::Reply reply = provider_.answer(sandbox::read_request(request), loop_.now());
    if (state_ && !reply.record.empty()) {
        const std::string complaint = state_->append(reply.record);
        if (!complaint.empty()) {
            reply =
                sandbox::refusal({500, "Internal server error", complaint}, options_.provider.error_shape);
        }
    }
    if (const std::string_view id = request.header("X-Request-Id"); !id.empty()) {
        reply.headers.emplace_back("X-Request-Id", id);
    }
    webhooks_.look();
    const std::string waits_for = std::exchange(reply.after_webhook_of, {});
    if (waits_for.empty()) return respond(sent_part(reply));
    webhooks_.after(waits_for, [sent = sent_part(reply), respond] { respond(sent); });
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
