// The entry of every libFuzzer target: calls the claims that REELD_FUZZ_CLAIM names, and stops the program
// at the first that is broken.
#include "tests/fuzz/answer_claims.h"
#include "tests/fuzz/event_claims.h"
#include "tests/fuzz/storyboard_claims.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string broken = reeld::test::REELD_FUZZ_CLAIM({reinterpret_cast<const char*>(bytes), size});
    if (broken.empty()) return 0;
    std::fprintf(stderr, "broken claim: %s\n", broken.c_str());
    std::abort();
}
