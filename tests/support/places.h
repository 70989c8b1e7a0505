/// Where the tests find what they try out. Absolute paths, known when the tests are built; one file knows
/// them, so that all others compile to the same code wherever the tree lies.
#pragma once

#include <string>

namespace reeld::test {

/// The folder of the source tree.
[[nodiscard]] std::string source_folder();

/// The `reeld` program that was built beside these tests.
[[nodiscard]] std::string reeld_program();

} // namespace reeld::test
