#include "jobs/text/rfc3339.h"

#include "jobs/text/ascii.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace reeld {
namespace {

/// Takes pieces off the front of a text. After the first piece that is not there everything fails, so that
/// one question at the end is enough.
class Pieces {
public:
    explicit Pieces(std::string_view text) : text_(text) {}

    /// A number of exactly `digits` digits, at most 9.
    int number(std::size_t digits) {
        const std::string_view piece = text_.substr(0, digits);
        if (piece.size() < digits || !std::ranges::all_of(piece, is_digit)) return fail();
        int value = 0;
        for (const char c : piece) value = value * 10 + (c - '0');
        text_.remove_prefix(digits);
        return value;
    }

    /// One of `characters`, or NUL.
    char one_of(std::string_view characters) {
        if (text_.empty() || characters.find(text_.front()) == std::string_view::npos) {
            fail();
            return '\0';
        }
        const char c = text_.front();
        text_.remove_prefix(1);
        return c;
    }

    /// ".25" as a duration, rounded down; zero when no fraction stands there.
    Duration fraction() {
        if (!text_.starts_with('.')) return Duration::zero();
        text_.remove_prefix(1);
        if (text_.empty() || !is_digit(text_.front())) fail();
        Duration value = Duration::zero();
        for (Duration place = std::chrono::milliseconds{100}; !text_.empty() && is_digit(text_.front());
             place /= 10) {
            value += place * (text_.front() - '0');
            text_.remove_prefix(1);
        }
        return value;
    }

    /// Whether every piece was there and nothing is left.
    [[nodiscard]] bool complete() const { return !failed_ && text_.empty(); }

private:
    int fail() {
        failed_ = true;
        text_ = {};
        return 0;
    }

    std::string_view text_;
    bool failed_ = false;
};

struct Reading {
    std::chrono::year_month_day date{};
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    Duration fraction{};
    std::chrono::minutes offset{}; ///< East of UTC.
};

/// How far east of UTC the text's clock stands: "Z", "+02:00", "-05:30".
std::optional<std::chrono::minutes> read_offset(Pieces& pieces) {
    const char sign = pieces.one_of("Zz+-");
    if (sign != '+' && sign != '-') return std::chrono::minutes{0};
    const int hours = pieces.number(2);
    pieces.one_of(":");
    const int minutes = pieces.number(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    return std::chrono::minutes{(sign == '-' ? -1 : 1) * (hours * 60 + minutes)};
}

/// The parts of a text of the right shape; of the numbers only those of the offset are checked.
std::optional<Reading> read_parts(std::string_view text) {
    Pieces pieces{text};
    Reading parts;
    const std::chrono::year year{pieces.number(4)};
    pieces.one_of("-");
    const std::chrono::month month{static_cast<unsigned>(pieces.number(2))};
    pieces.one_of("-");
    const std::chrono::day day{static_cast<unsigned>(pieces.number(2))};
    parts.date = {year, month, day};
    pieces.one_of("Tt");
    parts.hours = pieces.number(2);
    pieces.one_of(":");
    parts.minutes = pieces.number(2);
    pieces.one_of(":");
    parts.seconds = pieces.number(2);
    parts.fraction = pieces.fraction();
    const auto offset = read_offset(pieces);
    if (!offset || !pieces.complete()) return std::nullopt;
    parts.offset = *offset;
    return parts;
}

} // namespace

std::string rfc3339(WallTime time) {
    using namespace std::chrono;
    constexpr auto kFirst = sys_time<milliseconds>{sys_days{January / 1 / 0}};
    constexpr auto kLast = sys_time<milliseconds>{sys_days{January / 1 / 10'000}} - milliseconds{1};
    const auto instant = std::clamp(floor<milliseconds>(time), kFirst, kLast);
    const auto day = floor<days>(instant);
    const year_month_day date{day};
    const hh_mm_ss clock{instant - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<WallTime> read_rfc3339(std::string_view text) {
    using namespace std::chrono;
    constexpr WallTime kEnd{sys_days{January / 1 / 10'000}};
    const auto parts = read_parts(text);
    if (!parts || !parts->date.ok()) return std::nullopt;
    if (parts->hours > 23 || parts->minutes > 59 || parts->seconds > 60) return std::nullopt;
    const auto minute = sys_days{parts->date} + hours{parts->hours} + minutes{parts->minutes} - parts->offset;
    const bool last_of_day = minute + minutes{1} == floor<days>(minute + minutes{1});
    if (parts->seconds == 60 && !last_of_day) return std::nullopt;
    const WallTime time = minute + seconds{parts->seconds} + parts->fraction;
    if (time < WallTime{} || time >= kEnd) return std::nullopt;
    return time;
}

} // namespace reeld
