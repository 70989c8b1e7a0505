#include "jobs/eachlabs/resemblance.h"

#include "jobs/eachlabs/canonical_json.h"

#include <algorithm>

namespace reeld::eachlabs {
namespace {

/// A canonical value without its blanks, escaped ones among them, and without its quotes.
std::string bare(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool escaped = value[i] == '\\' && i + 1 < value.size();
        if (escaped) ++i;
        const bool left_out = escaped ? std::string_view("nrt").find(value[i]) != std::string_view::npos
                                      : value[i] == ' ' || value[i] == '"';
        if (!left_out) text += value[i];
    }
    return text;
}

/// A text that no number could be written as: a provider may show "5" as 5 or 5.0.
bool is_words(std::string_view value) {
    return value.starts_with('"') && value.find_first_not_of("0123456789+-.eE \"") != std::string_view::npos;
}

/// A canonical text that is an address and nothing more.
bool is_address(std::string_view value) {
    return (value.starts_with("\"https://") || value.starts_with("\"http://")) &&
           value.find(' ') == std::string_view::npos;
}

/// The values of a choice, such as "16:9" or "std", are shorter; prompts without any blank are longer, or in
/// a script that has none.
constexpr std::string_view::size_type kWordMax = 24;

bool has_blank_or_letters_beyond_ascii(std::string_view value) {
    return std::any_of(value.begin(), value.end(), [](char c) { return c == ' ' || (c & 0x80) != 0; });
}

bool is_content(std::string_view value) {
    constexpr std::string_view::size_type kEmpty = 2;
    if (value.starts_with('[') || value.starts_with('{')) return value.size() > kEmpty;
    return is_address(value) ||
           (value.starts_with('"') && (value.size() > kWordMax || has_blank_or_letters_beyond_ascii(value)));
}

/// Whether `shown` is about something, and about nothing that `sent` is about, be that changed.
bool is_about_something_else(const InputCore& sent, const InputCore& shown) {
    const auto is_content = [](const auto& member) {
        return member.second.is_content;
    };
    const auto is_common = [&](const auto& member) {
        return member.second.is_content && shown.contains(member.first);
    };
    return std::any_of(sent.begin(), sent.end(), is_content) &&
           std::any_of(shown.begin(), shown.end(), is_content) &&
           std::none_of(sent.begin(), sent.end(), is_common);
}

using Members = std::map<std::string, std::string>;

} // namespace

InputCore core_of(std::string_view canonical) {
    InputCore core;
    for (const auto& [key, value] : canonical_members(canonical).value_or(Members{}))
        core.emplace(
            key,
            CoreValue{.bare = bare(value), .is_address = is_address(value), .is_content = is_content(value)});
    return core;
}

bool has_address(std::string_view canonical) {
    const auto core = core_of(canonical);
    return std::any_of(core.begin(), core.end(), [](const auto& it) { return it.second.is_address; });
}

bool may_have_become(const InputCore& sent, const InputCore& shown, Addresses addresses) {
    if (is_about_something_else(sent, shown)) return false;
    return std::all_of(sent.begin(), sent.end(), [&](const auto& member) {
        const auto there = shown.find(member.first);
        return there == shown.end() || there->second.bare == member.second.bare ||
               (there->second.is_address && member.second.is_address &&
                addresses == Addresses::perhaps_copied);
    });
}

bool contradicts(std::string_view sent, std::string_view shown) {
    const auto theirs = canonical_members(shown).value_or(Members{});
    const auto ours = canonical_members(sent).value_or(Members{});
    return std::any_of(ours.begin(), ours.end(), [&](const auto& member) {
        const auto there = theirs.find(member.first);
        return there != theirs.end() && is_words(member.second) && is_words(there->second) &&
               bare(member.second) != bare(there->second) &&
               !(is_address(member.second) && is_address(there->second));
    });
}

} // namespace reeld::eachlabs
