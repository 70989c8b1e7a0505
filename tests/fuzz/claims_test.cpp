// The inputs that fuzzing found, and those it starts from, as ordinary tests. `tests/fuzz/run` looks for
// more.
#include "tests/fuzz/answer_claims.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/event_claims.h"
#include "tests/fuzz/storyboard_claims.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using namespace reeld::test;

/// Checks the claims on every file of a folder under tests/data, and returns how many those are.
template <typename BrokenClaim>
std::size_t check_folder(const std::string& folder, BrokenClaim broken_claim) {
    std::size_t files = 0;
    const auto root = std::filesystem::path(source_folder()) / "tests/data" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
        CAPTURE(entry.path().filename().string());
        std::ifstream file(entry.path(), std::ios::binary);
        REQUIRE(file);
        CHECK(broken_claim(std::string{std::istreambuf_iterator<char>(file), {}}) == "");
        ++files;
    }
    return files;
}

std::string storyboard_claim(const std::string& input) {
    return broken_storyboard_claim(input);
}

} // namespace

TEST_CASE("no text that fuzzing found breaks a claim about storyboards") {
    CHECK(check_folder("fuzz/storyboard", storyboard_claim) > 0);
}

TEST_CASE("no storyboard of the corpus breaks a claim about storyboards") {
    CHECK(check_folder("storyboards/good", storyboard_claim) > 0);
    CHECK(check_folder("storyboards/bad", storyboard_claim) > 0);
}

TEST_CASE("no answer that fuzzing found breaks a claim about verdicts") {
    CHECK(check_folder("fuzz/answer", broken_answer_claim) > 0);
}

TEST_CASE("no body that fuzzing found breaks a claim about the journal's events") {
    CHECK(check_folder("fuzz/event", broken_event_claim) > 0);
}

TEST_CASE("a claim that does not hold is named, and the first is the one that counts") {
    Claims claims;
    claims.check(true, "this holds");
    CHECK(claims.broken() == "");
    claims.check(false, "a fault has a message", "a\nb");
    claims.check(false, "a fault has a place");
    CHECK(claims.broken() == "a fault has a message: a\\x0ab");
}
