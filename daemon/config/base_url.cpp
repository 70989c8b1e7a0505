#include "daemon/config/base_url.h"

#include "jobs/storyboard/ip_address.h"

#include <algorithm>
#include <charconv>

namespace reeld {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

struct Authority {
    std::string_view host; ///< Without the brackets of an IPv6 address.
    std::string_view port; ///< Empty: none given.
    bool valid = false;
};

Authority split_authority(std::string_view authority) {
    Authority parts;
    std::string_view rest;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return parts;
        parts.host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
        if (!parse_ipv6(parts.host)) return parts;
    } else {
        const auto colon = std::min(authority.find(':'), authority.size());
        parts.host = authority.substr(0, colon);
        rest = authority.substr(colon);
    }
    if (!rest.empty() && rest.front() != ':') return parts;
    parts.port = rest.empty() ? rest : rest.substr(1);
    parts.valid = !parts.host.empty() && (rest.empty() || !parts.port.empty());
    return parts;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_this_machine(std::string_view host) {
    if (const auto v4 = parse_ipv4(host)) return v4->front() == 127;
    if (const auto v6 = parse_ipv6(host)) return *v6 == Ipv6{0, 0, 0, 0, 0, 0, 0, 1};
    return host == "localhost";
}

} // namespace

std::string why_not_base_url(std::string_view url) {
    const bool secure = url.starts_with(kHttps);
    if (!secure && !url.starts_with(kHttp)) return "must start with https://";
    if (!std::all_of(url.begin(), url.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '\\' && c != '"'; }))
        return "must not hold blanks, quotes, backslashes or letters beyond ASCII";
    if (url.find_first_of("?#") != std::string_view::npos)
        return "must end with its path: remove the \"?\" or \"#\"";
    const std::string_view rest = url.substr(secure ? kHttps.size() : kHttp.size());
    const std::string_view authority = rest.substr(0, rest.find('/'));
    if (authority.find('@') != std::string_view::npos)
        return "must not hold a user name or a password: the key belongs into api.key_file";
    const Authority parts = split_authority(authority);
    if (!parts.valid) return "must name a host, as in https://api.eachlabs.ai/v1";
    if (!parts.port.empty() && !is_port(parts.port)) return "must have a port of 1 to 65535, or none";
    if (!secure && !is_this_machine(parts.host))
        return "must be https: the API key would travel unencrypted (plain http is only for a sandbox on "
               "this "
               "machine: 127.0.0.1, [::1], localhost)";
    return {};
}

std::string without_end_slash(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return std::string{url};
}

} // namespace reeld
