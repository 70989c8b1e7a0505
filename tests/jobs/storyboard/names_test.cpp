#include "jobs/storyboard/byte_count.h"
#include "jobs/storyboard/names.h"
#include "jobs/storyboard/nearest_name.h"

#include <array>
#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("names are what every file system takes") {
    for (const std::string_view good : {"a", "A.b_c-1", "-", "_", "007", "a..b"}) CHECK(is_name(good));
    for (const std::string_view bad : {"", ".", "..", ".a", "a b", "a/b", "../x", "é", "a\n", "a:b"})
        CHECK_FALSE(is_name(bad));
    CHECK(is_name(std::string(64, 'a')));
    CHECK_FALSE(is_name(std::string(65, 'a')));
}

TEST_CASE("a suggested name is a name, or nothing") {
    CHECK(suggest_name("my film (1)") == "my-film-1");
    CHECK(suggest_name("../x") == "x");
    CHECK(suggest_name("???") == "");
    for (const std::string_view odd : {"..a", "  b  ", "-.c", "\xC3\xA9t\xC3\xA9", "a/../b"})
        CHECK(is_name(suggest_name(odd)));
    CHECK(suggest_name(std::string(100, 'a')).size() == 64);
}

TEST_CASE("slugs may have a slash") {
    CHECK(is_slug("owner/model-1.5"));
    for (const std::string_view bad : {"", "a b", "a\"", "a?b"}) CHECK_FALSE(is_slug(bad));
    CHECK_FALSE(is_slug(std::string(129, 'a')));
}

TEST_CASE("swapped, missing, added and wrong letters each count as one difference") {
    CHECK(edit_distance("prompt", "prompt") == 0);
    CHECK(edit_distance("Prompt", "pROMPT") == 0);
    CHECK(edit_distance("rpompt", "prompt") == 1);
    CHECK(edit_distance("promt", "prompt") == 1);
    CHECK(edit_distance("prommpt", "prompt") == 1);
    CHECK(edit_distance("pronpt", "prompt") == 1);
    CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("a name that was cut short is suggested when only one begins like it") {
    constexpr auto kNames = std::to_array<std::string_view>({"aspect_ratio", "voice_ids", "voice_list"});
    CHECK(nearest_name("aspect", kNames) == "aspect_ratio");
    CHECK_FALSE(nearest_name("voice", kNames));
    CHECK_FALSE(nearest_name("asp", kNames)); // Too little to tell.
    CHECK_FALSE(nearest_name("ratio", kNames));
}

TEST_CASE("the nearest name is suggested only when it is near") {
    constexpr auto kNames = std::to_array<std::string_view>({"id", "duration", "prompt", "multi_prompt"});
    CHECK(nearest_name("duraton", kNames) == "duration");
    CHECK(nearest_name("PROMPT", kNames) == "prompt");
    CHECK(nearest_name("multiprompt", kNames) == "multi_prompt");
    CHECK(nearest_name("ids", kNames) == "id");
    CHECK_FALSE(nearest_name("seed", kNames));
    CHECK_FALSE(nearest_name("x", kNames));
    CHECK_FALSE(nearest_name(std::string(10'000, 'p'), kNames));
    CHECK(did_you_mean("promt", kNames) == " (did you mean prompt?)");
    CHECK(did_you_mean("seed", kNames) == "");
}

TEST_CASE("a name that is meant is shown without what would disturb a terminal") {
    constexpr std::array<std::string_view, 1> kHostile{"shot\x7F_type"};
    CHECK(did_you_mean("shot_type", kHostile) == " (did you mean shot\\x7f_type?)");
}

TEST_CASE("sizes are said in their largest whole unit") {
    CHECK(bytes_in_words(std::uint64_t{64} << 20) == "64 MiB");
    CHECK(bytes_in_words(std::uint64_t{1} << 30) == "1 GiB");
    CHECK(bytes_in_words(1'000) == "1000 bytes");
    CHECK(bytes_in_words(0) == "0 bytes");
}
