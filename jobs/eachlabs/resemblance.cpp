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

bool is_address(std::string_view value) {
    if (value.starts_with('"')) value.remove_prefix(1);
    return value.starts_with("https://") || value.starts_with("http://");
}

bool is_content(std::string_view value) {
    constexpr std::string_view::size_type kEmpty = 2;
    if (value.starts_with('[') || value.starts_with('{')) return value.size() > kEmpty;
    return value.starts_with('"') && !is_address(value) && value.find(' ') != std::string_view::npos;
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
        core.emplace(key, CoreValue{.bare = bare(value), .is_content = is_content(value)});
    return core;
}

bool may_have_become(const InputCore& sent, const InputCore& shown) {
    if (is_about_something_else(sent, shown)) return false;
    return std::all_of(sent.begin(), sent.end(), [&](const auto& member) {
        const auto there = shown.find(member.first);
        return there == shown.end() || there->second.bare == member.second.bare ||
               (is_address(there->second.bare) && is_address(member.second.bare));
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
