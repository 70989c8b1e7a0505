/// What happened, told in a sentence: for the daemon's log and for a run without a terminal.
#pragma once

#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reeld {

enum class Weight : std::uint8_t { detail, news, warning, error };

struct Told {
    Weight weight = Weight::news;
    std::string event;                                       ///< The kind's name: "create_accepted".
    std::string sentence;                                    ///< For a person; names the batch and the shot.
    std::vector<std::pair<std::string, std::string>> fields; ///< batch, shot, prediction, …
};

/// Who tells: what a person can do about it depends on it.
enum class Voice : std::uint8_t { run, daemon };

/// Tells of an event that was just applied. Nothing for events that nobody wants to hear of.
[[nodiscard]] std::optional<Told> tell(const Event& event, const Journal& journal, const Ledger& ledger,
                                       Voice voice);

/// "harbor-teaser/sunrise"
[[nodiscard]] std::string full_name(ShotRef ref, const Journal& journal, const Ledger& ledger);

} // namespace reeld
