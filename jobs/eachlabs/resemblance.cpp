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

} // namespace

InputCore core_of(std::string_view canonical) {
    InputCore core;
    for (const auto& [key, value] : canonical_members(canonical).value_or(InputCore{}))
        core.emplace(key, bare(value));
    return core;
}

bool may_have_become(const InputCore& sent, const InputCore& shown) {
    return std::all_of(sent.begin(), sent.end(), [&](const auto& member) {
        const auto there = shown.find(member.first);
        return there == shown.end() || there->second == member.second ||
               (is_address(there->second) && is_address(member.second));
    });
}

bool contradicts(std::string_view sent, std::string_view shown) {
    const auto theirs = canonical_members(shown).value_or(InputCore{});
    const auto ours = canonical_members(sent).value_or(InputCore{});
    return std::any_of(ours.begin(), ours.end(), [&](const auto& member) {
        const auto there = theirs.find(member.first);
        return there != theirs.end() && is_words(member.second) && is_words(there->second) &&
               bare(member.second) != bare(there->second) &&
               !(is_address(member.second) && is_address(there->second));
    });
}

} // namespace reeld::eachlabs
