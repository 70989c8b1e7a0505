#include "daemon/control/lookup.h"

#include "jobs/storyboard/nearest_name.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace reeld {

namespace {

std::string meant_instead(std::string_view word, std::span<const std::string_view> names) {
    const auto near = nearest_name(word, names);
    return near ? fmt::format("; did you mean {}?", *near) : std::string{};
}

/// A word as it was typed: with quotes only when it could not be a name.
std::string shown(std::string_view word) {
    const bool plain =
        word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
        std::string_view::npos;
    constexpr std::size_t kNameBytesMax = 80;
    return plain && !word.empty() && word.size() <= kNameBytesMax ? std::string(word) : quote(word);
}

} // namespace

std::variant<BatchKey, Refused> find_batch(const Ledger& ledger, std::string_view name) {
    std::vector<std::string_view> names;
    // The newest first: they are the likeliest to be meant.
    const auto& batches = ledger.batches();
    const auto found = std::find_if(batches.rbegin(), batches.rend(), [&](const auto& batch) {
        if (names.size() < kNamesComparedMax) names.push_back(batch.second.name);
        return batch.second.name == name;
    });
    if (found != batches.rend()) return found->first;
    const auto meant = meant_instead(name, names);
    return Refused{.status = 404,
                   .message = fmt::format("no batch {}{}", shown(name), meant),
                   .remedy = meant.empty() ? "'reeld status' lists the batches" : ""};
}

std::variant<ShotRef, Refused> find_shot(const Ledger& ledger, const Journal& journal, BatchKey batch,
                                         std::string_view id) {
    if (const auto found = journal.find_shot(batch, std::string(id))) return *found;
    const auto ids = journal.shot_ids(batch, kNamesComparedMax);
    const std::vector<std::string_view> views(ids.begin(), ids.end());
    const auto& name = ledger.batch(batch).name;
    return Refused{.status = 404,
                   .message =
                       fmt::format("no shot {} in batch {}{}", shown(id), name, meant_instead(id, views)),
                   .remedy = fmt::format("'reeld status {}' lists its shots", name)};
}

} // namespace reeld
