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
        return there != shown.end() && there->second == member.second;
    });
}

} // namespace reeld::eachlabs
