#include "jobs/eachlabs/canonical_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace reeld::eachlabs {
namespace {

/// More than the digits of any body, so that nothing a mantissa says can make up for it.
constexpr std::int64_t kExponentMax = 1'000'000'000;

/// The digits of 2^64 - 1.
constexpr std::int64_t kWholeDigitsMax = 20;

/// `digits` times 10 to the power of `exponent`. No zero at either end of the digits; none at all is zero.
struct Decimal {
    std::string digits;
    std::int64_t exponent = 0;
    bool negative = false;
};

std::int64_t read_exponent(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    std::int64_t exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error == std::errc::result_out_of_range) exponent = kExponentMax;
    exponent = std::min(exponent, kExponentMax);
    return negative ? -exponent : exponent;
}

Decimal take_apart(std::string_view number) {
    Decimal decimal;
    decimal.negative = number.starts_with('-');
    const auto mark = std::min(number.find_first_of("eE"), number.size());
    if (mark < number.size()) decimal.exponent = read_exponent(number.substr(mark + 1));
    bool behind_point = false;
    for (const char c : number.substr(0, mark)) {
        if (c == '.') behind_point = true;
        if (c < '0' || c > '9') continue;
        if (behind_point) --decimal.exponent;
        if (c != '0' || !decimal.digits.empty()) decimal.digits += c;
    }
    while (decimal.digits.ends_with('0')) {
        decimal.digits.pop_back();
        ++decimal.exponent;
    }
    return decimal;
}

/// The number written out, when it is a whole one of 64 bits.
std::optional<std::string> whole_number(const Decimal& decimal) {
    const auto count = static_cast<std::int64_t>(decimal.digits.size()) + decimal.exponent;
    if (decimal.exponent < 0 || count > kWholeDigitsMax) return std::nullopt;
    const std::string text = decimal.digits + std::string(static_cast<std::size_t>(decimal.exponent), '0');
    std::uint64_t magnitude = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude);
    constexpr std::uint64_t kNegativeMax = std::uint64_t{1} << 63;
    if (error != std::errc{} || (decimal.negative && magnitude > kNegativeMax)) return std::nullopt;
    return (decimal.negative ? "-" : "") + text;
}

/// A double that is whole is written as whole_number() writes it: whoever printed it may have done so too.
std::string digits_of(double number) {
    if (std::trunc(number) == number && number >= -0x1p63 && number < 0x1p64) {
        if (number < 0) return fmt::format("{}", static_cast<std::int64_t>(number));
        return fmt::format("{}", static_cast<std::uint64_t>(number));
    }
    return fmt::format("{}", number);
}

} // namespace

std::optional<std::string> canonical_number(std::string_view number) {
    const Decimal decimal = take_apart(number);
    if (decimal.digits.empty()) return "0";
    if (auto whole = whole_number(decimal)) return whole;
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error == std::errc{}) return digits_of(value);
    const bool large = static_cast<std::int64_t>(decimal.digits.size()) + decimal.exponent > 0;
    return large ? std::nullopt : std::optional<std::string>{"0"};
}

} // namespace reeld::eachlabs
