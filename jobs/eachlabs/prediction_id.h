/// The provider's opaque ids, told from what only looks like one.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace reeld::eachlabs {

/// Whether `text` can be an id: one that survives a URL, a log line and a database. Printable ASCII without
/// blanks, at most kPredictionIdBytesMax bytes, and not of dots and slashes alone, which would climb in the
/// URL's path.
[[nodiscard]] bool is_prediction_id(std::string_view text);

/// The id that an answer, or a row of a list, gives for a prediction, by whichever of the provider's names
/// for it; empty when it names none that is believed.
[[nodiscard]] std::string prediction_id_in(const rapidjson::Value& value);

/// Whether one of those names gives this id.
[[nodiscard]] bool names_prediction(const rapidjson::Value& value, std::string_view prediction);

/// Whether it names a prediction, and not this one.
[[nodiscard]] bool names_only_others(const rapidjson::Value& value, std::string_view prediction);

} // namespace reeld::eachlabs
