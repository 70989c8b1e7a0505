#include "daemon/config/base_url.h"

#include "jobs/storyboard/ip_address.h"
#include "jobs/text/ascii.h"
#include "jobs/text/number.h"

#include <fmt/format.h>

#include <algorithm>

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

bool is_this_machine(std::string_view host) {
    if (const auto v4 = parse_ipv4(host)) return v4->front() == 127;
    if (const auto v6 = parse_ipv6(host)) return *v6 == Ipv6{0, 0, 0, 0, 0, 0, 0, 1};
    return host == "localhost";
}

/// What differs between the addresses that may be configured, as an error says it.
struct Words {
    std::string_view no_user;    ///< What to do about a user name.
    std::string_view like;       ///< An address that is good.
    std::string_view not_secure; ///< Why plain http is not.
};

std::string why_not_url(std::string_view url, const Words& words) {
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
        return fmt::format("must not hold a user name or a password: {}", words.no_user);
    const Authority parts = split_authority(authority);
    if (!parts.valid) return fmt::format("must name a host, as in {}", words.like);
    if (!parts.port.empty() && !is_port(parts.port)) return "must have a port of 1 to 65535, or none";
    if (!secure && !is_this_machine(parts.host))
        return fmt::format("must be https: {} (plain http is only for a sandbox on this machine: 127.0.0.1, "
                           "[::1], localhost)",
                           words.not_secure);
    return {};
}

bool is_plain_in_path(char c) {
    return is_letter_or_digit(c) || std::string_view{"-._~/"}.find(c) != std::string_view::npos;
}

/// Whether the path reads the same to everybody on its way.
bool is_plain_path(std::string_view path) {
    return std::all_of(path.begin(), path.end(), is_plain_in_path) && path.find("//") == path.npos &&
           path.find("/.") == path.npos;
}

} // namespace

std::string why_not_base_url(std::string_view url) {
    return why_not_url(url, {.no_user = "the key belongs into api.key_file",
                             .like = "https://api.eachlabs.ai/v1",
                             .not_secure = "the API key would travel unencrypted"});
}

std::string why_not_webhook_url(std::string_view url) {
    auto why = why_not_url(url, {.no_user = "each create gets a secret of its own",
                                 .like = "https://example.org/hooks",
                                 .not_secure = "the webhooks' secrets would travel unencrypted"});
    if (why.empty() && !is_plain_path(path_of_url(without_end_slash(url))))
        why = "must have a path of letters, digits and - . _ ~ between single slashes, as in "
              "https://example.org/hooks";
    return why;
}

std::string_view path_of_url(std::string_view url) {
    const auto host = url.find("://");
    const auto path = host == url.npos ? url.npos : url.find('/', host + 3);
    return path == url.npos ? std::string_view{} : url.substr(path);
}

std::string without_end_slash(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return std::string{url};
}

} // namespace reeld
