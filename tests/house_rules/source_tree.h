/// The tree that the tests were built from, as the rules see it.
#pragma once

#include "tests/house_rules/source_text.h"

#include <set>
#include <string>
#include <vector>

namespace reeld::test {

/// Every `.h` and `.cpp` of the tree, in the order of their paths. Throws when there is none to be read: a
/// rule that looked at nothing would pass.
[[nodiscard]] const std::vector<SourceFile>& cpp_files();

/// Every text of ours, C++ or not: also scripts, build files, storyboards, units and the README.
[[nodiscard]] const std::vector<SourceFile>& all_files();

/// The names in a folder under which git knows a file; none where there is no repository, or no git.
[[nodiscard]] std::set<std::string> known_to_git(const std::string& folder);

/// What git knows in the root of the tree, so that a user may keep storyboards there. Where git knows nothing
/// (a copy, an archive): all that lies there, without what builds and runs leave.
[[nodiscard]] std::vector<std::string> top_level_entries();

/// The text of one file; empty when there is no such file.
[[nodiscard]] std::string text_of(const std::string& path);

/// Whether the file's owner may run it.
[[nodiscard]] bool is_executable(const std::string& path);

} // namespace reeld::test
