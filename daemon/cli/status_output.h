/// What `reeld status` and its kin print for people, out of the control API's documents.
///
/// Pure text: documents in, lines out; what is missing in a document is left out. A document comes from a
/// daemon that may be older or newer, so nothing in it is taken for granted.
#pragma once

#include "daemon/progress/progress_text.h"

#include <rapidjson/document.h>
#include <string>
#include <vector>

namespace reeld {

/// STATUS: the account, then a table of batches, then held shots with the commands that release them.
[[nodiscard]] std::vector<std::string> status_lines(const rapidjson::Value& status);

/// A page of a batch: its line, then a table of its shots.
[[nodiscard]] std::vector<std::string> batch_lines(const rapidjson::Value& batch,
                                                   const rapidjson::Value& now);

/// One shot with everything that is known of it. `name`: its full name.
[[nodiscard]] std::vector<std::string> shot_lines(const std::string& name, const rapidjson::Value& shot);

/// "harbor-teaser: 34 of 50 succeeded, 1 failed, 10 rendering, 4 queued, 1 held"
[[nodiscard]] std::string batch_sentence(const rapidjson::Value& batch);

/// A number of a document, 0 when it is none.
[[nodiscard]] std::int64_t number_of(const rapidjson::Value& object, const char* name);

/// Whether a member is there and true.
[[nodiscard]] bool is_true(const rapidjson::Value& object, const char* name);

/// How long it is from one of a document's times to another; nothing when either is none.
[[nodiscard]] std::optional<Duration> between(const rapidjson::Value& from, const rapidjson::Value& object,
                                              const char* name);

} // namespace reeld
