/// The models that this build knows, as they lie in jobs/models: one JSON Schema (draft 04) per slug.
///
/// This is the raw text; `Catalog` is what reads it. Beside the standard keywords a schema may say
///  - `x-typical-seconds`: how long a prediction usually takes; 0 or absent: unknown;
///  - `x-advice`: the family of models whose known pitfalls are worth a warning (`advice.h`).
#pragma once

#include <span>
#include <string_view>

namespace reeld {

struct KnownModel {
    std::string_view slug;
    std::string_view schema; ///< JSON text.
};

/// All known models, in the order of jobs/models/CMakeLists.txt. The texts live as long as the program.
[[nodiscard]] std::span<const KnownModel> known_models();

} // namespace reeld
