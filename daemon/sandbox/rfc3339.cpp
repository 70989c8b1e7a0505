#include "daemon/sandbox/rfc3339.h"

#include <array>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Civil {
    std::chrono::year_month_day day{};
    std::chrono::hh_mm_ss<Duration> time{};
};

Civil civil(WallTime time) {
    const auto midnight = floor<days>(time);
    return {std::chrono::year_month_day{midnight}, std::chrono::hh_mm_ss<Duration>{time - midnight}};
}

/// Eats fixed pieces from the front of a text; the first piece that is missing spoils the rest.
class Cursor {
public:
    explicit Cursor(std::string_view text) : left_(text) {}

    int number(std::size_t digits, int most) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
        if (value > most) good_ = false;
        return value;
    }

    /// Eats one character out of `allowed` and returns its place in it.
    std::size_t one_of(std::string_view allowed) {
        const std::size_t place = left_.empty() ? std::string_view::npos : allowed.find(left_.front());
        good_ = good_ && place != std::string_view::npos;
        if (good_) left_.remove_prefix(1);
        return good_ ? place : 0;
    }

    Duration fraction() {
        Duration sum{};
        Duration place = std::chrono::milliseconds{100};
        do {
            sum += digit() * place;
            place /= 10;
        } while (good_ && next_is_digit());
        return sum;
    }

    [[nodiscard]] bool next_is(char c) const { return !left_.empty() && left_.front() == c; }
    [[nodiscard]] bool next_is_digit() const {
        return !left_.empty() && left_.front() >= '0' && left_.front() <= '9';
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool finished() const { return good_ && left_.empty(); }

private:
    int digit() { return static_cast<int>(one_of("0123456789")); }

    std::string_view left_;
    bool good_ = true;
};

/// `Z`, `+hh:mm` or `-hh:mm`, as what is to be taken off the local time.
Duration offset(Cursor& cursor) {
    const std::size_t sign = cursor.one_of("Zz+-");
    if (sign < 2) return Duration::zero();
    const Duration ahead = hours{cursor.number(2, 23)};
    cursor.one_of(":");
    const Duration sum = ahead + minutes{cursor.number(2, 59)};
    return sign == 2 ? sum : -sum;
}

} // namespace

std::string to_rfc3339(WallTime time) {
    const auto [day, clock] = civil(time);
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(clock.subseconds());
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       millis.count());
}

std::optional<WallTime> from_rfc3339(std::string_view text) {
    Cursor cursor(text);
    const std::chrono::year year{cursor.number(4, 9999)};
    cursor.one_of("-");
    const std::chrono::month month{static_cast<unsigned>(cursor.number(2, 12))};
    cursor.one_of("-");
    const std::chrono::day day{static_cast<unsigned>(cursor.number(2, 31))};
    cursor.one_of("Tt ");
    Duration clock = hours{cursor.number(2, 23)};
    cursor.one_of(":");
    clock += minutes{cursor.number(2, 59)};
    cursor.one_of(":");
    clock += seconds{cursor.number(2, 59)};
    if (cursor.next_is('.')) {
        cursor.one_of(".");
        clock += cursor.fraction();
    }
    clock -= offset(cursor);
    const std::chrono::year_month_day date{year, month, day};
    if (!cursor.finished() || !date.ok()) return std::nullopt;
    return WallTime{std::chrono::sys_days{date}} + clock;
}

std::string to_http_date(WallTime time) {
    static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto [day, clock] = civil(time);
    const std::chrono::weekday weekday{floor<days>(time)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays.at(weekday.c_encoding()),
                       static_cast<unsigned>(day.day()), kMonths.at(static_cast<unsigned>(day.month()) - 1),
                       static_cast<int>(day.year()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

} // namespace reeld::sandbox
