#include "jobs/storyboard/core_schema.h"

#include "jobs/text/ascii.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace reeld {

namespace {

/// Longer numbers are cut in messages.
constexpr std::size_t kBareBytesShown = 40;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// The text after an optional sign.
std::string_view without_sign(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return text;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, as the specification has it.
bool looks_real(std::string_view text) {
    std::string_view rest = without_sign(text);
    const auto skip_digits = [&rest] {
        std::size_t count = 0;
        while (count < rest.size() && is_digit(rest[count])) ++count;
        rest.remove_prefix(count);
        return count;
    };
    std::size_t digits = skip_digits();
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        digits += skip_digits();
    }
    if (digits == 0) return false;
    if (rest.empty()) return true;
    if (rest[0] != 'e' && rest[0] != 'E') return false;
    return all_digits(without_sign(rest.substr(1)));
}

template <typename Number>
std::optional<std::string> integer_text(std::string_view digits, int base) {
    Number number{};
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return fmt::format("{}", number);
}

CoreScalar resolve_integer(std::string_view digits, int base) {
    CoreScalar scalar{.type = CoreType::integer, .json = {}, .refusal = {}};
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::optional<std::string> json = integer_text<std::int64_t>(digits, base);
    if (!json) json = integer_text<std::uint64_t>(digits, base);
    if (json) {
        scalar.json = *json;
    } else {
        scalar.refusal =
            "is a number too large to be sent exactly: put quotes around it if it is meant as text";
    }
    return scalar;
}

/// The shortest text that reads back as the same double, and that still looks like a real number.
std::string real_text(double number) {
    std::string text = fmt::format("{}", number);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

CoreScalar resolve_real(std::string_view text) {
    CoreScalar scalar{.type = CoreType::real, .json = {}, .refusal = {}};
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size() || !std::isfinite(number)) {
        scalar.refusal = "is a number beyond the range of JSON readers: put quotes around it if it is text";
    } else {
        scalar.json = real_text(number);
    }
    return scalar;
}

bool is_based(std::string_view text, std::string_view prefix, std::string_view digits) {
    return text.starts_with(prefix) && text.size() > prefix.size() &&
           text.find_first_not_of(digits, prefix.size()) == std::string_view::npos;
}

} // namespace

std::string shown_scalar(std::string_view text, bool is_string) {
    const bool bare = !is_string && resolve_scalar(text).type != CoreType::string;
    return bare ? make_visible(text.substr(0, kBareBytesShown)) : quote(text);
}

CoreScalar resolve_scalar(std::string_view text) {
    if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {CoreType::null, "null", {}};
    if (is_one_of(text, {"true", "True", "TRUE"})) return {CoreType::boolean, "true", {}};
    if (is_one_of(text, {"false", "False", "FALSE"})) return {CoreType::boolean, "false", {}};
    if (all_digits(without_sign(text))) return resolve_integer(text, 10);
    if (is_based(text, "0o", "01234567")) return resolve_integer(text.substr(2), 8);
    if (is_based(text, "0x", "0123456789abcdefABCDEF")) return resolve_integer(text.substr(2), 16);
    if (looks_real(text)) return resolve_real(text);
    const bool infinite = is_one_of(without_sign(text), {".inf", ".Inf", ".INF"});
    if (infinite || is_one_of(text, {".nan", ".NaN", ".NAN"})) {
        return {CoreType::real, {}, "is not a finite number, and JSON has no other: it cannot be sent"};
    }
    return {};
}

} // namespace reeld
