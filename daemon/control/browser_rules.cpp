#include "daemon/control/browser_rules.h"

#include "daemon/http/letters.h"
#include "jobs/storyboard/ip_address.h"

#include <algorithm>
#include <array>

namespace reeld {

namespace {

/// "reeld.test" of "reeld.test:8787", "[::1]" of "[::1]:8787".
std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    const std::size_t bracket = host.rfind(']');
    if (colon == std::string_view::npos) return host;
    return bracket != std::string_view::npos && colon < bracket ? host : host.substr(0, colon);
}

bool is_loopback_address(std::string_view address) {
    constexpr std::uint8_t kLoopbackNet = 127;
    if (const auto v4 = parse_ipv4(address)) return (*v4)[0] == kLoopbackNet;
    return address == "::1";
}

bool is_own_origin(std::string_view origin, std::string_view host) {
    constexpr std::string_view kScheme = "http://";
    return origin.size() == kScheme.size() + host.size() &&
           same_letters(origin.substr(0, kScheme.size()), kScheme) &&
           same_letters(origin.substr(kScheme.size()), host);
}

bool has(const http::Request& request, std::string_view name) {
    return std::ranges::any_of(request.headers,
                               [&](const auto& header) { return same_letters(header.first, name); });
}

bool was_passed_on(const http::Request& request) {
    constexpr std::array<std::string_view, 6> kNames = {
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"};
    return std::ranges::any_of(kNames, [&](std::string_view name) { return has(request, name); });
}

} // namespace

bool is_called(std::string_view host, const Config::HttpPort& config) {
    constexpr std::array<std::string_view, 3> kLocal = {"localhost", "127.0.0.1", "[::1]"};
    const std::string_view name = without_port(host);
    if (config.listen) {
        const std::string& address = config.listen->address;
        const bool is_v6 = address.find(':') != std::string::npos;
        if (same_letters(name, is_v6 ? '[' + address + ']' : address)) return true;
    }
    const auto is_it = [&](std::string_view own) {
        return same_letters(name, own);
    };
    return std::ranges::any_of(kLocal, is_it) || std::ranges::any_of(config.hosts, is_it);
}

bool is_of_this_machine(const http::Request& request) {
    const std::string_view name = without_port(request.header("Host"));
    const bool is_loopback_name =
        same_letters(name, "localhost") || name == "[::1]" || is_loopback_address(name);
    return is_loopback_name && is_loopback_address(request.peer.address) && !was_passed_on(request);
}

std::optional<Refused> refusal_as_foreign(const http::Request& request, Wish wish) {
    constexpr int kForbidden = 403;
    const std::string_view site = request.header("Sec-Fetch-Site");
    const bool own_site = site == "same-origin" || (wish == Wish::ask && site == "none");
    if (has(request, "Sec-Fetch-Site") && !own_site)
        return Refused{.status = kForbidden,
                       .message = "this is for reeld's own page only",
                       .remedy = "open reeld's own page"};
    if (has(request, "Origin") && !is_own_origin(request.header("Origin"), request.header("Host")))
        return Refused{.status = kForbidden,
                       .message = "a page of another origin may not ask reeld anything",
                       .remedy = "open reeld's own page"};
    return std::nullopt;
}

bool says_it_acts(const http::Request& request) {
    return request.header("X-Reeld-Action") == "1";
}

std::vector<std::string_view> cookies_in(std::string_view header, std::string_view name) {
    std::vector<std::string_view> values;
    while (!header.empty()) {
        const auto end = header.find(';');
        std::string_view pair = header.substr(0, end);
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            values.push_back(pair.substr(name.size() + 1));
    }
    return values;
}

} // namespace reeld
