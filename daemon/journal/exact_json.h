/// JSON text as a document in which every number is the one that was written, and every text UTF-8.
#pragma once

#include <string_view>

#include <rapidjson/document.h>

namespace reeld {

/// Parses any bytes into `document`, which is valid only when the result is no error. Numbers are those of 64
/// bits where they are whole and fit, else doubles, each the nearest to its text. A number that a double
/// cannot hold and a text that is not UTF-8 are errors (kParseErrorTermination).
///
/// RapidJSON 1.1.0 has flags for both, and they do not do it: kParseFullPrecisionFlag makes a number at
/// random of a zero with a large exponent ("0e-30"), and kParseValidateEncodingFlag lets half a surrogate
/// pair through
/// ("\udfac").
[[nodiscard]] rapidjson::ParseResult parse_exactly(std::string_view text, rapidjson::Document& document);

} // namespace reeld
