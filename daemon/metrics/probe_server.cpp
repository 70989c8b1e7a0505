#include "daemon/metrics/probe_server.h"

#include <algorithm>
#include <array>
#include <utility>

namespace reeld {

namespace {

/// Questions have no body worth the name.
constexpr std::size_t kProbeBodyBytesMax = 4096;

http::Server::Options probe_options(const ListenAddress& address) {
    http::Server::Options options;
    options.listen.address = address.address;
    options.listen.port = address.port;
    options.listen.remedy = "choose another http.listen";
    options.body_bytes_max = kProbeBodyBytesMax;
    return options;
}

/// "reeld.test" of "reeld.test:8787", "[::1]" of "[::1]:8787".
std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    const std::size_t bracket = host.rfind(']');
    if (colon == std::string_view::npos) return host;
    return bracket != std::string_view::npos && colon < bracket ? host : host.substr(0, colon);
}

bool equal(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace

bool is_called(std::string_view host, const Config::HttpPort& config) {
    constexpr std::array<std::string_view, 3> kLocal = {"localhost", "127.0.0.1", "[::1]"};
    const std::string_view name = without_port(host);
    if (config.listen) {
        const std::string& address = config.listen->address;
        const bool is_v6 = address.find(':') != std::string::npos;
        if (equal(name, is_v6 ? '[' + address + ']' : address)) return true;
    }
    return std::ranges::any_of(kLocal, [&](std::string_view own) { return equal(name, own); }) ||
           std::ranges::any_of(config.hosts, [&](const std::string& own) { return equal(name, own); });
}

ProbeServer::ProbeServer(Loop& loop, Config::HttpPort config, Ask ask)
    : config_(std::move(config)), ask_(std::move(ask)),
      server_(
          loop, probe_options(*config_.listen),
          [this](const http::Request& request, const http::Respond& respond) { respond(reply(request)); }) {}

http::Reply ProbeServer::reply(const http::Request& request) const {
    if (!is_called(request.header("Host"), config_))
        return http::refuse({.status = 421,
                             .message = "this daemon is not called by that name",
                             .remedy = "put the name into http.hosts"});
    if (auto known = ask_(request.method, request.path)) return *std::move(known);
    return http::refuse({.status = 404, .message = "there is nothing here", .remedy = "ask for /metrics"});
}

} // namespace reeld
