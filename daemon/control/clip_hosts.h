/// Where clips come from, for the page's policy: a browser plays videos of these hosts and of no others.
///
/// They are taken from the addresses of finished clips, those that a start replays included, the latest
/// first. What a provider writes is not trusted to be an address: nothing but a plain scheme, a host's name
/// and a port ever gets into a policy. Nor may it lead the browser of whoever looks to a neighbour: a
/// printer, a router, another daemon of this machine. So a host is https and one of the internet, by its name
/// or its address, or it is the very host that the provider's own API has. Threading: none.
#pragma once

#include "jobs/queue/event.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// "https://cdn.example.org:8443" of "https://cdn.example.org:8443/a.mp4?x=y", in small letters. Nothing for
/// what is neither http nor https, has a user in it, or a host that is no name and no IPv4 address: policies
/// know no others.
[[nodiscard]] std::optional<std::string> clip_host(std::string_view url);

/// Whether a host as clip_host() has it is https and on the internet, as far as a name can tell.
[[nodiscard]] bool is_internet_host(std::string_view host);

class ClipHosts {
public:
    /// The one that was heard of longest ago is forgotten. A provider has one or two.
    static constexpr std::size_t hosts_max = 16;

    /// `provider`: the address of its API; clips may come from its host, whatever that is.
    explicit ClipHosts(std::string_view provider) : provider_(clip_host(provider).value_or("")) {}

    /// An event was applied, or replayed.
    void note(const Event& event);

    /// `media-src 'self' https://…`: a directive of a Content-Security-Policy.
    [[nodiscard]] std::string directive() const;

private:
    void add(std::string host);

    std::string provider_; ///< Empty when it has none that a policy knows.
    std::deque<std::string> hosts_;
};

} // namespace reeld
