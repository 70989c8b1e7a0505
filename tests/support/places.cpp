#include "tests/support/places.h"

namespace reeld::test {

std::string source_folder() {
    return REELD_SOURCE_DIR;
}

std::string reeld_program() {
    return REELD_PROGRAM;
}

} // namespace reeld::test
