// What yaml-cpp 0.7.0 gets wrong, and that none of it gets through.
#include "jobs/storyboard/storyboard_reader.h"
#include "jobs/storyboard/yaml_tree.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

using namespace reeld;

const std::string kModelLine = "model: kling-v3-pro-text-to-video\n";

StoryboardRead read(const std::string& text, const StoryboardLimits& limits = {}) {
    return read_storyboard(text, "test", Catalog{}, limits);
}

/// The first fault's message; empty when there is none.
std::string first_message(const StoryboardRead& read) {
    return read.faults.empty() ? std::string{} : read.faults.front().message;
}

bool says(const StoryboardRead& read, const std::string& words) {
    return !read.good() && first_message(read).find(words) != std::string::npos;
}

} // namespace

TEST_CASE("a lone comma, on which the parser never returns, is a fault") {
    CHECK(says(read(","), "does not belong"));
    CHECK(says(read(",,,,"), "does not belong"));
    CHECK(says(read("a: b\n,"), ""));
}

TEST_CASE("a second document, which the parser would drop, is a fault at its first line") {
    const StoryboardRead two = read(kModelLine + "shots: [a]\n---\nshots: [b]\n");
    CHECK(says(two, "second document"));
    CHECK(two.faults.front().place == Place{.line = 3, .column = 1});
    CHECK(says(read(kModelLine + "shots: [a]\n...\n---\nshots: [b]\n"), "second document"));
}

TEST_CASE("a duplicate key, of which the parser would take the first, is a fault") {
    CHECK(says(read(kModelLine + "shots: [a]\nshots: [b]\n"), "second time"));
    CHECK(says(read(kModelLine + "shots:\n  - { prompt: a, 'prompt': b }\n"), "second time"));
}

TEST_CASE("a cycle of aliases is a fault and not an endless walk") {
    CHECK(says(read("&a [*a]"), "never end"));
    CHECK(says(read("shots: &a\n  - b: { c: *a }\n"), "never end"));
}

TEST_CASE("nested aliases are counted as if expanded, and refused before they are walked") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 20; ++i) {
        bomb +=
            fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
    }
    CHECK(says(read(bomb), "values (aliases expanded)"));
}

TEST_CASE("a long text repeated by aliases counts against the limit on bytes") {
    StoryboardLimits limits;
    limits.bytes_max = 10'000;
    std::string text = kModelLine + "note: &long " + std::string(5'000, 'x') + "\nshots:\n";
    CHECK(says(read(text + "  - *long\n", limits), "storyboard.bytes"));
}

TEST_CASE("aliases cannot nest deeper than brackets may") {
    std::string deep = "a0: &a0 [x]\n";
    for (int i = 1; i < 70; ++i) deep += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
    CHECK(says(read(deep), "storyboard.nesting"));
}

TEST_CASE("a million opening brackets are a fault") {
    CHECK_FALSE(read(std::string(1'000'000, '[')).good());
    CHECK_FALSE(read("shots: " + std::string(1'000'000, '{')).good());
}

TEST_CASE("nesting is counted from the file's own mapping") {
    StoryboardLimits limits;
    limits.nesting_max = 4;
    const std::string model = "model: kling-o3-pro-text-to-video\n";
    CHECK(read(model + "shots: [{ a: [1] }]", limits).good());
    CHECK(says(read(model + "shots: [{ a: [[1]] }]", limits), "more than 4 levels"));
}

TEST_CASE("the character 4, by which the parser garbles what follows, is refused with its place") {
    const StoryboardRead bad = read(kModelLine + "shots:\n  - a\x04 b\n");
    CHECK(says(bad, "control character 0x04"));
    CHECK(bad.faults.front().place == Place{.line = 3, .column = 6});
}

TEST_CASE("a lone carriage return, which the parser drops, is refused") {
    CHECK(says(read(kModelLine + "shots:\n  - a\rb\n"), "carriage return"));
    CHECK(says(read(kModelLine + "shots:\n  - a\r"), "carriage return"));
}

TEST_CASE("NUL bytes, Latin-1 and UTF-16 are refused, each by its name") {
    using namespace std::string_literals;
    CHECK(says(read(kModelLine + "shots: [a\0b]"s), "NUL byte"));
    CHECK(says(read(kModelLine + "shots: [caf\xE9]"), "0xe9 is not UTF-8"));
    CHECK(says(read("\xFF\xFEm\0o\0"s), "UTF-16"));
    CHECK(says(read("m\0o\0d\0"s), "UTF-16"));
    CHECK(says(read("\0m\0o\0d"s), "UTF-16"));
}

TEST_CASE("a quote that is never closed is refused, although the parser closes it at the end of the file") {
    CHECK(says(read(kModelLine + "shots:\n  - \"a\n  - b\n"), "never closed"));
    CHECK(says(read(kModelLine + "shots:\n  - 'a ''b''\n"), "never closed"));
    CHECK(says(read(kModelLine + "shots:\n  - \"a"), "never closed"));
    CHECK(read(kModelLine + "shots:\n  - 'a ''b'''\n").good());
    CHECK(read(kModelLine + "shots:\n  - \"a \\\"b\\\\\"\n").good());
}

TEST_CASE("places count characters, not bytes, and not the byte order mark") {
    const StoryboardRead bad =
        read("\xEF\xBB\xBF" + kModelLine + "shots:\r\n  - { prompt: \"été à 北京\", duraton: 3 }\r\n");
    REQUIRE(bad.faults.size() == 1);
    CHECK(bad.faults[0].place == Place{.line = 3, .column = 27});
    CHECK(bad.faults[0].excerpt.ends_with("3 }"));
}

TEST_CASE("the escapes of which the parser makes bytes that are not UTF-8 are characters") {
    const StoryboardRead one = read("model: no-schema\nshots:\n  - \"a\\N\\_\u00E9\\_b\"\n");
    REQUIRE(one.good());
    CHECK(one.storyboard.shots[0].input == "{\"prompt\":\"a\u0085\u00A0\u00E9\u00A0b\"}");
}

TEST_CASE("what is missing behind a character of several bytes is missing at that character") {
    const StoryboardRead bad = read("shots:\n &a 京\n : b\n");
    REQUIRE(bad.faults.size() == 1);
    CHECK(bad.faults[0].place == Place{.line = 2, .column = 5});
}

TEST_CASE("byte order marks before the text move no place") {
    const StoryboardRead bad =
        read("\xEF\xBB\xBF\xEF\xBB\xBF" + kModelLine + "shots: [{ prompt: a, duraton: 3 }]\n");
    REQUIRE(bad.faults.size() == 1);
    CHECK(bad.faults[0].place == Place{.line = 2, .column = 22});
}

TEST_CASE("a file over the limit of bytes is refused unread") {
    StoryboardLimits limits;
    limits.bytes_max = 10;
    CHECK(says(read("shots: [a, b]", limits), "larger than 10 bytes (storyboard.bytes)"));
}

TEST_CASE("a mapping of many keys is checked for duplicates in no time") {
    std::string text = "model: kling-o3-pro-text-to-video\nshots:\n  - big:\n";
    for (int i = 0; i < 20'000; ++i) text += fmt::format("      k{}: 1\n", i);
    CHECK(read(text).good());
    CHECK(says(read(text + "      k7: 1\n"), "second time"));
}
