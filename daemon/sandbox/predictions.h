/// All predictions of the account, oldest first, with what must be found quickly: by id, by end, by wish.
///
/// Threading: one thread at a time. References stay valid for the life of the store: nothing is ever
/// removed.
#pragma once

#include "daemon/sandbox/prediction.h"

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace reeld::sandbox {

/// Some hundred megabytes of them; creates beyond it are refused with 503.
inline constexpr std::size_t kPredictionsMax = 1'000'000;

class Predictions {
public:
    Predictions() = default;
    Predictions(const Predictions&) = delete; ///< The look-up tables point into the store.
    Predictions& operator=(const Predictions&) = delete;

    /// Requires an id that is not in the store, and not more than kPredictionsMax predictions.
    Prediction& add(Prediction prediction);

    /// Null when there is none.
    [[nodiscard]] Prediction* find(std::string_view id);

    [[nodiscard]] const std::deque<Prediction>& all() const { return all_; }

    /// Those of the client that have not ended at `now`. Instants may repeat but not go back.
    [[nodiscard]] std::size_t in_flight(Instant now);

    /// Cancels one that is in flight: it ends at `now`.
    void cancel(Prediction& prediction, Instant now);

    /// The ids of the client's predictions with equal model and input, one group for each wish that it
    /// created more than once, in the order of creation.
    [[nodiscard]] std::vector<std::vector<std::string>> identical() const;

private:
    using Wish = std::pair<std::size_t, std::string_view>;
    struct WishHash {
        std::size_t operator()(const Wish& wish) const {
            return std::hash<std::string_view>{}(wish.second) ^ (wish.first * 0x9e3779b9U);
        }
    };

    std::deque<Prediction> all_; ///< A deque, since references to its elements survive growth.
    std::unordered_map<std::string_view, std::size_t> by_id_;
    std::set<std::pair<Instant, std::size_t>> live_; ///< By end; the client's.
    std::unordered_map<Wish, std::size_t, WishHash> first_of_wish_;
    std::map<std::size_t, std::vector<std::size_t>> repeats_; ///< By the first of them.
};

} // namespace reeld::sandbox
