/// What a program that a batch's end starts finds in its environment.
#pragma once

#include "daemon/app/paperwork.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// "NAME=value", of reeld's `own` environment and of the batch:
///
///     REELD_BATCH      its name: "harbor-teaser"
///     REELD_STATUS     "succeeded", "partial", "failed" or "cancelled"
///     REELD_MANIFEST   the path of its manifest.json
///     REELD_TOTAL, REELD_SUCCEEDED, REELD_FAILED, REELD_CANCELLED    its shots
///     REELD_COST       what it cost in dollars, "12.50"; not set when the provider named no price
///
/// The API key is not in it, under whatever name: a variable that holds `key` is left out, and so is all that
/// is between systemd and reeld alone (its notification socket, its credentials). An empty key is in none.
[[nodiscard]] std::vector<std::string>
command_environment(std::span<const std::string> own, std::string_view key, const WrittenManifest& manifest);

} // namespace reeld
