#include "daemon/control/clip_hosts.h"

#include "jobs/storyboard/ip_address.h"
#include "jobs/text/ascii.h"
#include "jobs/text/host_name.h"
#include "jobs/text/number.h"

#include <algorithm>

namespace reeld {

std::optional<std::string> clip_host(std::string_view url) {
    constexpr std::string_view kBeforeHost = "://";
    const auto scheme_end = url.find(kBeforeHost);
    if (scheme_end == std::string_view::npos) return std::nullopt;
    const auto host_end = url.find_first_of("/?#", scheme_end + kBeforeHost.size());
    std::string text = lower_letters(url.substr(0, host_end));
    const std::string_view scheme = std::string_view(text).substr(0, scheme_end);
    if (scheme != "http" && scheme != "https") return std::nullopt;
    const std::string_view authority = std::string_view(text).substr(scheme_end + kBeforeHost.size());
    const auto colon = authority.find(':');
    if (!is_host_name(authority.substr(0, colon))) return std::nullopt;
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) return std::nullopt;
    return text;
}

/// Names of the internet have two labels at least, and a last one that begins with a letter; what begins with
/// a digit there is an address in one of the spellings that browsers know.
bool is_internet_host(std::string_view host) {
    constexpr std::string_view kScheme = "https://";
    if (!host.starts_with(kScheme)) return false;
    host.remove_prefix(kScheme.size());
    const std::string_view name = host.substr(0, host.find(':'));
    if (const auto address = parse_ipv4(name)) return is_public(*address);
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == name.size()) return false;
    const std::string_view last = name.substr(dot + 1);
    return last.front() >= 'a' && last.front() <= 'z' && last != "localhost" && last != "local" &&
           last != "internal";
}

void ClipHosts::note(const Event& event) {
    const auto* succeeded = std::get_if<event::PredictionSucceeded>(&event.fact);
    if (succeeded == nullptr) return;
    for (const auto& url : succeeded->rendered.urls) {
        auto host = clip_host(url);
        if (host && (*host == provider_ || is_internet_host(*host))) add(*std::move(host));
    }
}

void ClipHosts::add(std::string host) {
    if (!hosts_.empty() && hosts_.front() == host) return;
    std::erase(hosts_, host);
    hosts_.push_front(std::move(host));
    if (hosts_.size() > hosts_max) hosts_.pop_back();
}

std::string ClipHosts::directive() const {
    std::string text = "media-src 'self'";
    for (const auto& host : hosts_) text += ' ' + host;
    return text;
}

} // namespace reeld
