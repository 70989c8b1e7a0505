/// A shot as the control API shows it.
///
/// What it says comes out of the ledger and of the shot's own events; nothing is kept. A shot costs some tens
/// of microseconds, so lists of them are asked for in pages. Threading: the loop's; may throw JournalError.
#pragma once

#include "daemon/control/json_output.h"
#include "daemon/control/snapshot.h"

#include <string>
#include <vector>

namespace reeld {

/// Writes "release", the commands that release a held shot, and "nth", the number that they give its create.
void add_release(Json& json, const Snapshot& at, ShotRef shot, const std::string& id);

/// Why a held shot is held: what became of its create, and what could not settle it.
[[nodiscard]] std::string held_because(const Journal& journal, ShotRef shot);

/// Writes the object SHOT: {"shot", "index", "state", "model", "attempts", "since", "why", "prompt",
/// "clip_seconds", "prediction_id", "url", "cost", "predict_time", "created_at", "finished_at", "error",
/// "held", "expected_s"}. `whole`: also {"urls", "input", "note", "tags", "attempts_made"}.
enum class ShotDetail { listed, whole };
void add_shot_document(Json& json, const Snapshot& at, ShotRef shot, ShotDetail detail);

} // namespace reeld
