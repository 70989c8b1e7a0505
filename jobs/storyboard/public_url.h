/// Can the provider fetch a file from this address.
///
/// The provider refuses data URIs, localhost and private addresses (source: its model pages), after the
/// create was counted; so the check refuses them first. Names are not resolved: a public name that points
/// to a private address passes.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// Empty when `url` is an https address of a public host; else what is wrong with it, to be put after the
/// quoted address: "points to a private address". Refused: any scheme but https, user names and passwords,
/// blanks and control characters, host names without a dot, `localhost` and the like, IPv4 and IPv6
/// addresses that are not public, and IPv4 addresses written in any other form than four decimal numbers.
[[nodiscard]] std::string why_not_public_url(std::string_view url);

} // namespace reeld
