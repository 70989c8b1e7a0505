/// What holds for every text that is read as a storyboard, YAML or not.
///
/// The limits are lowered so that each run is fast and each limit is met. The claims:
///  - Shots or errors: a text without errors makes at least one shot, a text with one makes none.
///  - A fault has a message of one line and a place inside the text (or is about the file as a whole); faults
///    come in the file's order, errors and warnings within `faults_max`; what is shown of the file is UTF-8
///    without control characters, at most one line and a caret under it.
///  - A shot can be created: its id is a name and used once, its model a slug, its input a JSON object in
///    which no key stands twice, all within the limits.
///  - Two readings are equal. A byte order mark before the text changes nothing, nor do the line ends of
///    Windows, nor higher limits once the text is accepted.
///  - What was accepted, written out as a storyboard of its own (every shot with its id, model, priority,
///    note, tags and input, as JSON), is accepted again and makes the same shots: nothing changes its type by
///    being read. (But for keys beyond 1000 bytes, which YAML does not take in JSON's way of writing them.)
#pragma once

#include "jobs/storyboard/catalog.h"

#include <string>
#include <string_view>

namespace reeld::test {

/// The first claim that the text breaks; empty: all hold.
[[nodiscard]] std::string broken_storyboard_claim(std::string_view text);

/// The same with a catalog of one's own.
[[nodiscard]] std::string broken_storyboard_claim(std::string_view text, const Catalog& catalog);

} // namespace reeld::test
