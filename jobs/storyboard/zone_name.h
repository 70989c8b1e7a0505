/// What to say about a time zone that nobody knows.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace reeld {

/// To be put after what names it: `names the time zone "Europe/Istambul", which this machine does not know;
/// did you mean "Europe/Istanbul"?`
[[nodiscard]] std::string why_no_zone(std::string_view zone, std::span<const std::string> zones);

} // namespace reeld
