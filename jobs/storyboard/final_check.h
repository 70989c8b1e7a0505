/// The last look at an input before it is accepted: RapidJSON's validator, on the JSON that will be sent.
///
/// The check that finds faults (`value_writer.h`) walks the YAML, because only there every fault has a place
/// and every scalar can take its type; what it makes is checked here by a library that knows nothing of it.
/// The two agree, by test; should they ever not, the shot is refused, since a create that the provider
/// refuses is a night lost.
#pragma once

#include <rapidjson/schema.h>

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// The built-in schema of one model, compiled. Not for learned schemas, which are hostile: RapidJSON follows
/// their
/// `$ref` and runs their patterns.
class FinalCheck {
public:
    /// `schema_text`: JSON Schema, draft 04, one of ours. Anything else is a bug.
    explicit FinalCheck(std::string_view schema_text);

    /// Why the input does not fit, as "keyword at /pointer", or nothing when it does.
    [[nodiscard]] std::optional<std::string> complaint(const std::string& input_json) const;

private:
    rapidjson::SchemaDocument schema_;
};

} // namespace reeld
