#include "jobs/storyboard/nearest_name.h"

#include "jobs/text/ascii.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace reeld {

namespace {

/// No name of a key is longer; comparing a hostile megabyte with anything is a waste.
constexpr std::size_t kWordBytesMax = 64;

/// Fewer letters begin too much.
constexpr std::size_t kBeginningBytesMin = 4;

/// The candidate that begins with `word`, when there is one and no other.
std::optional<std::string_view> only_longer_name(std::string_view word,
                                                 std::span<const std::string_view> candidates) {
    if (word.size() < kBeginningBytesMin) return std::nullopt;
    const auto begins = [&](std::string_view candidate) {
        return candidate.starts_with(word);
    };
    if (std::count_if(candidates.begin(), candidates.end(), begins) != 1) return std::nullopt;
    return *std::find_if(candidates.begin(), candidates.end(), begins);
}

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;

    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool equal = lower_letter(a[i - 1]) == lower_letter(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (equal ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && lower_letter(a[i - 1]) == lower_letter(b[j - 2]) &&
                                 lower_letter(a[i - 2]) == lower_letter(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::optional<std::string_view> nearest_name(std::string_view word,
                                             std::span<const std::string_view> candidates) {
    if (word.size() > kWordBytesMax) return std::nullopt;
    std::size_t nearest = std::clamp<std::size_t>(word.size() / 3, 1, 3) + 1;
    std::optional<std::string_view> found;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kWordBytesMax) continue;
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= nearest || distance >= std::max(word.size(), candidate.size())) continue;
        nearest = distance;
        found = candidate;
    }
    return found ? found : only_longer_name(word, candidates);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    const std::optional<std::string_view> found = nearest_name(word, candidates);
    return found ? fmt::format(" (did you mean {}?)", make_visible(*found)) : std::string{};
}

} // namespace reeld
