#include "jobs/storyboard/zone_name.h"

#include "jobs/storyboard/nearest_name.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>
#include <vector>

namespace reeld {

std::string why_no_zone(std::string_view zone, std::span<const std::string> zones) {
    const std::vector<std::string_view> names(zones.begin(), zones.end());
    std::string remedy = did_you_mean(zone, names);
    if (remedy.empty()) remedy = ": name one as Europe/Istanbul is, or none for the machine's";
    return fmt::format("names the time zone {}, which this machine does not know{}", quote(zone), remedy);
}

} // namespace reeld
