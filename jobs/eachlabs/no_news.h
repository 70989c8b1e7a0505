/// What an answer that brings no news is still good for.
#pragma once

#include "jobs/eachlabs/answers.h"

#include <string_view>

namespace reeld::eachlabs {

/// The answer as NoNews: its status, its first words for a person, whether the key or the prediction is the
/// trouble, and how long to wait. `missing`, when given, is added to the cause in brackets: it says what a
/// well-meant answer should have held.
[[nodiscard]] NoNews no_news(const Answer& answer, std::string_view missing = {});

} // namespace reeld::eachlabs
