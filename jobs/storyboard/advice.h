/// Warnings about input that the model takes but that is known to disappoint. Never an error.
#pragma once

#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/parameter.h"

#include <span>
#include <string_view>

namespace reeld {

/// Adds warnings about the parameters that will be sent. `family` is the schema's `x-advice`; families
/// without advice get none. Known of "kling-v3": prompts over 2500 characters, multi_prompt durations that
/// do not add up to the duration, voices without sound, and references to voices that are not given.
void advise(std::string_view family, const YamlTree& tree, std::span<const Parameter> parameters,
            FaultList& faults);

/// The clip length that the parameters ask for, in seconds: `duration`, else the sum of the durations in
/// `multi_prompt`, else 0.
[[nodiscard]] int asked_seconds(const YamlTree& tree, std::span<const Parameter> parameters);

} // namespace reeld
