#include "daemon/hours/open_spans.h"

#include <algorithm>
#include <cstdlib>
#include <date/tz.h>
#include <stdexcept>

namespace reeld {

namespace {

/// Null: the database does not know it.
const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

/// What `date` goes by in a shell. Null: neither says, which is UTC.
const date::time_zone* zone_of_machine() {
    const char* const set = std::getenv("TZ");
    if (set != nullptr) {
        if (const auto* const zone = find_zone(*set == ':' ? set + 1 : set)) return zone;
    }
    try {
        return date::current_zone();
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

const date::time_zone* zone_of(const HoursWindow& window) {
    return window.zone.empty() ? zone_of_machine() : date::locate_zone(window.zone);
}

WallTime to_wall(const date::time_zone* zone, date::local_seconds local) {
    if (zone == nullptr) return WallTime{local.time_since_epoch()};
    return zone->to_sys(local, date::choose::earliest);
}

date::local_days day_of(const date::time_zone* zone, WallTime wall) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wall);
    if (zone == nullptr) return date::floor<date::days>(date::local_seconds{seconds.time_since_epoch()});
    return date::floor<date::days>(zone->to_local(seconds));
}

bool begins_on(const HoursWindow& window, date::local_days day) {
    const unsigned from_monday = date::weekday{day}.iso_encoding() - 1;
    return (window.days >> from_monday & 1U) != 0;
}

/// Spans that touch or overlap become one.
std::vector<WallSpan> merged(std::vector<WallSpan> spans) {
    std::ranges::sort(spans, {}, &WallSpan::from);
    std::vector<WallSpan> apart;
    for (const WallSpan& span : spans) {
        if (apart.empty() || apart.back().until < span.from) {
            apart.push_back(span);
        } else {
            apart.back().until = std::max(apart.back().until, span.until);
        }
    }
    return apart;
}

} // namespace

std::vector<WallSpan> open_spans(std::span<const HoursWindow> windows, WallTime from,
                                 std::chrono::days days) {
    std::vector<WallSpan> spans;
    for (const HoursWindow& window : windows) {
        const date::time_zone* const zone = zone_of(window);
        // What began yesterday may not be over.
        const date::local_days first = day_of(zone, from) - date::days{1};
        for (date::local_days day = first; day <= first + days + date::days{1}; day += date::days{1}) {
            if (!begins_on(window, day)) continue;
            const date::local_seconds begins = day + window.from;
            const WallSpan span{.from = to_wall(zone, begins),
                                .until = to_wall(zone, begins + window.length)};
            if (span.until > from && span.from < span.until) spans.push_back(span);
        }
    }
    return merged(std::move(spans));
}

const std::vector<std::string>& known_zones() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> found;
        try {
            const auto& database = date::get_tzdb();
            for (const auto& zone : database.zones) found.push_back(zone.name());
        } catch (const std::runtime_error&) {
            found.clear();
        }
        std::ranges::sort(found);
        return found;
    }();
    return names;
}

} // namespace reeld
