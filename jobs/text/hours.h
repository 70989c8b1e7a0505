/// Hours of the day, on some days of the week, as people write them: "22:00-06:00 Europe/Istanbul",
/// "mon-fri 22:00-06:00; sat,sun 00:00-24:00". Only the words: what a zone means by them, and when that is,
/// a time zone database says (daemon/app/hours.h).
///
/// Pure functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// How hours are written, for messages.
inline constexpr std::string_view kHoursForm =
    "22:00-06:00, mon-fri 22:00-06:00 or sat,sun 00:00-24:00 Europe/Istanbul; several are separated by ';'";

/// Longer texts are no hours: a journal would cut them, and not understand them any more.
inline constexpr std::size_t kHoursBytesMax = 4096;

/// What stands for hours that a person has lifted.
inline constexpr std::string_view kAnyHours = "any";

struct HoursWindow {
    std::uint8_t days = 0x7f;      ///< On which it begins; bit 0 is Monday.
    std::chrono::minutes from{};   ///< Of the day's local time.
    std::chrono::minutes length{}; ///< On the clock; 24 hours at most. A change of the clock is not counted.
    std::string zone;              ///< Empty: the machine's.

    friend bool operator==(const HoursWindow&, const HoursWindow&) = default;
};

/// The windows that `text` says, in its order; nothing when it is no hours. A zone stands behind the last
/// window or behind each; a window without one has that of the next, else of the one before. Names of days
/// are the first three letters in English, of either case.
[[nodiscard]] std::optional<std::vector<HoursWindow>> parse_hours(std::string_view text);

/// The zone that is named and that `zones`, sorted, does not hold; nothing when there is none.
[[nodiscard]] std::optional<std::string> unknown_zone(std::span<const HoursWindow> windows,
                                                      std::span<const std::string> zones);

} // namespace reeld
