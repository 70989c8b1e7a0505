/// The format of storyboards: YAML text in, shots ready to be created out, or everything that is wrong with
/// the text.
///
/// The rules of the format are documented in jobs/storyboard.schema.json and in the user's manual. All or
/// nothing: one error, and no shot is returned; but every error is, so that a file is mended in one go.
/// Only what makes the text no YAML ends the check early.
///
/// Safe for hostile text, within the limits: time and memory grow with the size of the text and of what is
/// returned, and nothing recurses deeper than `nesting_max`. The parser below (yaml-cpp) is not trusted
/// that far, so the daemon calls this in a process of its own (daemon/reader). Pure: two calls with equal
/// arguments return equal values.
#pragma once

#include "jobs/storyboard/catalog.h"
#include "jobs/storyboard/fault.h"
#include "jobs/storyboard/storyboard.h"
#include "jobs/storyboard/storyboard_limits.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

struct StoryboardRead {
    Storyboard storyboard;           ///< Without shots when there is an error.
    std::vector<std::string> models; ///< Slugs in use, each once, in the file's order.
    std::vector<std::string>
        unknown_models;        ///< Those that the catalog does not have: their input is unchecked.
    std::vector<Fault> faults; ///< Errors and warnings, in the file's order.

    [[nodiscard]] bool good() const { return !storyboard.shots.empty(); }
};

/// Reads one storyboard. `text` is the file, byte for byte; byte order marks before it are skipped.
/// `default_name` is the storyboard's name when the file gives none: the file's name without its ending,
/// which need not be a valid name (then that is a fault). `zones`: the time zones that `hours` may name,
/// sorted; empty: any.
[[nodiscard]] StoryboardRead read_storyboard(std::string_view text, const std::string& default_name,
                                             const Catalog& catalog, const StoryboardLimits& limits = {},
                                             std::span<const std::string> zones = {});

} // namespace reeld
