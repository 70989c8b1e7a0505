#include "jobs/storyboard/model_schema.h"
#include "jobs/text/number.h"
#include "jobs/text/utf8.h"

#include <array>
#include <fmt/format.h>
#include <optional>

namespace reeld {

namespace {

/// A list of more values than this is cut, so that a message stays one line.
constexpr std::size_t kValuesShownMax = 16;

/// A run of numbers up to this length is written out.
constexpr std::size_t kRunShown = 4;

/// The whole number that a value is, quoted or not.
std::optional<int> whole_number(std::string_view json) {
    if (json.size() >= 2 && json.starts_with('"')) json = json.substr(1, json.size() - 2);
    return to_number<int>(json);
}

/// Whether the values are whole numbers that follow each other: "3" … "15".
bool is_run(const std::vector<std::string>& allowed) {
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        const std::optional<int> number = whole_number(allowed[i]);
        if (!number || *number != *whole_number(allowed.front()) + static_cast<int>(i)) return false;
    }
    return allowed.size() > kRunShown;
}

/// `one of "16:9", "9:16", "1:1"`, `one of "3" … "15"`.
std::string describe_allowed(const std::vector<std::string>& allowed) {
    if (allowed.size() == 1) return make_visible(allowed.front());
    if (is_run(allowed)) {
        return fmt::format("one of {} … {}", make_visible(allowed.front()), make_visible(allowed.back()));
    }
    std::string out = "one of ";
    for (std::size_t i = 0; i < allowed.size() && i < kValuesShownMax; ++i) {
        out += fmt::format("{}{}", i == 0 ? "" : ", ", make_visible(allowed[i]));
    }
    if (allowed.size() > kValuesShownMax) out += ", …";
    return out;
}

std::string describe_types(std::uint8_t types) {
    if ((types & kJsonAny) == kJsonAny) return "anything";
    if ((types & kJsonNumber) != 0) types = static_cast<std::uint8_t>(types & ~unsigned{kJsonInteger});
    constexpr auto kWords = std::to_array<std::pair<JsonType, std::string_view>>({
        {kJsonBoolean, "true or false"},
        {kJsonInteger, "a whole number"},
        {kJsonNumber, "a number"},
        {kJsonString, "a text"},
        {kJsonArray, "a list"},
        {kJsonObject, "a mapping"},
        {kJsonNull, "null"},
    });
    std::string out;
    for (const auto& [bit, word] : kWords) {
        if ((types & bit) != 0) out += fmt::format("{}{}", out.empty() ? "" : " or ", word);
    }
    return out;
}

std::string describe_range(const ValueSchema& schema) {
    const std::string_view from = schema.minimum_is_excluded ? "above" : "from";
    const std::string_view to = schema.maximum_is_excluded ? "below" : "to";
    if (schema.minimum && schema.maximum) {
        return fmt::format(" {} {} {} {}", from, *schema.minimum, to, *schema.maximum);
    }
    if (schema.minimum)
        return fmt::format(" {} {}", schema.minimum_is_excluded ? "above" : "of at least", *schema.minimum);
    if (schema.maximum)
        return fmt::format(" {} {}", schema.maximum_is_excluded ? "below" : "up to", *schema.maximum);
    return {};
}

std::string describe_size(const ValueSchema& schema) {
    const std::string_view unit = (schema.types & kJsonArray) != 0 ? "elements" : "characters";
    const bool at_least = schema.size_min.value_or(0) > 0;
    if (at_least && schema.size_max)
        return fmt::format(" of {} to {} {}", *schema.size_min, *schema.size_max, unit);
    if (at_least)
        return fmt::format(" of at least {} {}", *schema.size_min,
                           *schema.size_min == 1 ? unit.substr(0, unit.size() - 1) : unit);
    if (schema.size_max) return fmt::format(" of at most {} {}", *schema.size_max, unit);
    return {};
}

} // namespace

std::string describe(const ValueSchema& schema) {
    if (!schema.allowed.empty()) return describe_allowed(schema.allowed);
    if (!schema.alternatives.empty()) {
        std::string out;
        for (const ValueSchema& form : schema.alternatives) {
            out += fmt::format("{}{}", out.empty() ? "" : ", or ", describe(form));
        }
        return out;
    }
    return describe_types(schema.types) + describe_range(schema) + describe_size(schema);
}

} // namespace reeld
