/// What the provider posts to a webhook: which prediction has ended, it says.
///
/// Everything else in it (status, output, error) is left unread, on purpose: a webhook is a hint, and the
/// poll that follows decides. Pure.
#pragma once

#include <string>
#include <string_view>

namespace reeld::eachlabs {

/// The id of the prediction, `exec_id`; empty when the body is no JSON object or names none that is believed.
[[nodiscard]] std::string read_webhook(std::string_view body);

} // namespace reeld::eachlabs
