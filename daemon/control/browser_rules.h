/// What a browser's request must look like before the page's port does anything for it. Pure.
///
/// A browser runs the pages of strangers, and sends what they tell it to wherever they want. So whoever
/// serves on a port of this machine must tell its own page from theirs, by what only the browser writes: the
/// Host (a stranger's name may lead here), the Origin, the Sec-Fetch headers, and a cookie that it keeps from
/// other sites.
#pragma once

#include "daemon/config/config.h"
#include "daemon/control/refused.h"
#include "daemon/http/request.h"

#include <optional>
#include <string_view>
#include <vector>

namespace reeld {

/// Whether `host`, a Host header with or without a port, names a daemon that is configured so: the address
/// of `http.listen`, localhost, or one of `http.hosts`.
[[nodiscard]] bool is_called(std::string_view host, const Config::HttpPort& config);

/// Whether a request never left this machine: it comes from a loopback address, calls the daemon by a name of
/// loopback, as none does that a web server or a tunnel passes on under a name of its own, and says nothing
/// of having been passed on (Forwarded, X-Forwarded-…, X-Real-IP, Via): a web server may write its own Host.
[[nodiscard]] bool is_of_this_machine(const http::Request& request);

/// Why a request is refused as another site's; nothing for one of the page itself, and for one that comes
/// from no page at all (the address line; a program).
///
///  - Sec-Fetch-Site, where there is one, is "same-origin"; for a question also "none".
///  - Origin, where there is one, is "http://" and the Host of the request, its port included.
enum class Wish : std::uint8_t { ask, act };
[[nodiscard]] std::optional<Refused> refusal_as_foreign(const http::Request& request, Wish wish);

/// Whether a request has the header `X-Reeld-Action: 1`, as whatever acts must: no form can send it, and no
/// script of another origin without a permission that is never given.
[[nodiscard]] bool says_it_acts(const http::Request& request);

/// The values of all cookies of that name, the first first. There may be several, since any server on any
/// port of this host can set one for a path below, which browsers then send first.
[[nodiscard]] std::vector<std::string_view> cookies_in(std::string_view header, std::string_view name);

} // namespace reeld
