#include "jobs/storyboard/public_url.h"

#include "jobs/storyboard/ip_address.h"
#include "jobs/text/ascii.h"

#include <algorithm>
#include <array>

namespace reeld {

namespace {

constexpr std::string_view kScheme = "https://";

/// Longest that common servers and clients take.
constexpr std::size_t kUrlBytesMax = 8'192;

bool is_host_character(char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
}

/// Programs differ in what `2130706433`, `0x7f.1` or `127.1` is; all of them are ways to write an address.
bool looks_like_ipv4(std::string_view host) {
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return !last.empty() && (std::all_of(last.begin(), last.end(), is_digit) || last.starts_with("0x"));
}

std::string why_not_public_name(std::string_view host) {
    constexpr auto kInternal =
        std::to_array<std::string_view>({".localhost", ".local", ".localdomain", ".internal", ".intranet",
                                         ".lan", ".home.arpa", ".test", ".invalid"});
    if (host.find('.') == host.npos || host.starts_with('.') || host.find("..") != host.npos) {
        return "names no public host";
    }
    const bool internal = std::any_of(kInternal.begin(), kInternal.end(),
                                      [host](std::string_view ending) { return host.ends_with(ending); });
    return internal ? "names a host that only a private network knows" : "";
}

std::string why_not_public_host(std::string_view host) {
    constexpr std::string_view kPrivate = "points to a private or reserved address";
    if (host.starts_with('[')) {
        const auto address = parse_ipv6(host.substr(1, host.size() - 2));
        if (!address) return "has no valid IPv6 address";
        return is_public(*address) ? std::string{} : std::string(kPrivate);
    }
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty()) return "has no host";
    if (!std::all_of(host.begin(), host.end(), is_host_character)) {
        return "has a host with characters that host names do not have (international names are written "
               "xn--…)";
    }
    if (!looks_like_ipv4(host)) return why_not_public_name(host);
    const auto address = parse_ipv4(host);
    if (!address) return "has an IPv4 address in an unusual form";
    return is_public(*address) ? std::string{} : std::string(kPrivate);
}

/// Cuts a port off the authority; returns what is wrong with it.
std::string cut_port(std::string_view& authority) {
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
    if (authority.starts_with('[')) {
        const std::size_t end = colon == authority.npos ? authority.size() : colon;
        if (bracket == authority.npos || bracket + 1 != end) return "has no valid IPv6 address";
    }
    if (colon == authority.npos) return {};
    const std::string_view port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
    const bool valid = port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
    return valid ? std::string{} : "has an invalid port";
}

} // namespace

std::string why_not_public_url(std::string_view url) {
    if (url.size() > kUrlBytesMax) return "is too long";
    const bool blank = std::any_of(url.begin(), url.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
    });
    if (blank) return "has a blank, a backslash or a control character";
    if (!same_letters(url.substr(0, kScheme.size()), kScheme)) return "does not begin with https://";

    url.remove_prefix(kScheme.size());
    std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    if (authority.find('@') != authority.npos) return "holds a user name or password";
    std::string bad_port = cut_port(authority);
    if (!bad_port.empty()) return bad_port;
    return why_not_public_host(lower_letters(authority));
}

} // namespace reeld
