#include "jobs/storyboard/storyboard_reader.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

using namespace reeld;

const std::string kModel = "model: kling-v3-pro-text-to-video\n";

std::string messages(const StoryboardRead& read) {
    std::string out;
    for (const Fault& fault : read.faults) out += fault.message + "\n";
    return out;
}

} // namespace

TEST_CASE("the file's name is the storyboard's name unless it names itself") {
    CHECK(read_storyboard(kModel + "shots: [a]", "harbor", Catalog{}).storyboard.name == "harbor");
    CHECK(
        read_storyboard("storyboard: pier\n" + kModel + "shots: [a]", "harbor", Catalog{}).storyboard.name ==
        "pier");
    CHECK(read_storyboard("storyboard: pier\n" + kModel + "shots: [a]", "not a name", Catalog{}).good());
}

TEST_CASE("a file's name that cannot be a storyboard's is a fault of the file with a name to use") {
    const StoryboardRead read = read_storyboard(kModel + "shots: [a]", "my film (1)", Catalog{});
    CHECK_FALSE(read.good());
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].place == Place{});
    CHECK(read.faults[0].message.find("storyboard: my-film-1\"") != std::string::npos);
}

TEST_CASE("takes count as shots towards the limit") {
    StoryboardLimits limits;
    limits.shots_max = 3;
    CHECK(read_storyboard(kModel + "shots: [a, { prompt: b, takes: 2 }]", "x", Catalog{}, limits).good());
    const StoryboardRead many =
        read_storyboard(kModel + "shots: [a, { prompt: b, takes: 3 }]", "x", Catalog{}, limits);
    CHECK_FALSE(many.good());
    CHECK(messages(many).find("more than 3 shots") != std::string::npos);
}

TEST_CASE("the models in use are listed once each, the unknown ones apart") {
    const StoryboardRead read = read_storyboard(
        kModel + "shots: [a, { prompt: b, model: m/1 }, { prompt: c, model: m/1 }, d]", "x", Catalog{});
    CHECK(read.good());
    CHECK(read.models == std::vector<std::string>{"kling-v3-pro-text-to-video", "m/1"});
    CHECK(read.unknown_models == std::vector<std::string>{"m/1"});
    CHECK(read.faults.size() == 1);
}

TEST_CASE("a learned schema types and checks the input of its model") {
    Catalog catalog;
    REQUIRE_FALSE(catalog.learn("m", R"({"type": "object", "required": ["prompt"], "properties": {
        "prompt": {"type": "string", "minLength": 3, "maxLength": 5},
        "seed": {"type": "integer", "minimum": 1, "exclusiveMinimum": true},
        "size": {"type": ["number", "string"]},
        "style": {"enum": ["ink", 2, null]},
        "frame": {"anyOf": [{"type": "string", "enum": ["auto"]}, {"type": "integer", "maximum": 9}]}}})"));
    const std::string top = "model: m\nshots:\n";
    const StoryboardRead good =
        read_storyboard(top + "  - { prompt: 12345, seed: 2, size: 4, style: 2, frame: auto, other: 1 }\n  - "
                              "{ prompt: abc, frame: 9 }\n",
                        "x", catalog);
    REQUIRE(good.good());
    CHECK(good.storyboard.shots[0].input ==
          R"({"prompt":"12345","seed":2,"size":4,"style":2,"frame":"auto","other":1})");
    CHECK(good.storyboard.shots[1].input == R"({"prompt":"abc","frame":9})");

    const StoryboardRead bad = read_storyboard(
        top + "  - { prompt: ab }\n  - { prompt: abcdef }\n  - { seed: 1 }\n  - { prompt: abc, seed: 1.0 }\n"
              "  - { prompt: abc, style: oil, frame: 10 }\n",
        "x", catalog);
    CHECK(messages(bad) == "prompt must be a text of 3 to 5 characters; got \"ab\"\n"
                           "prompt must be a text of 3 to 5 characters; got \"abcdef\"\n"
                           "this shot lacks \"prompt\", which m requires\n"
                           "seed must be a whole number above 1; got 1\n"
                           "seed must be a whole number above 1; got 1.0\n"
                           "style must be one of \"ink\", 2, null; got \"oil\"\n"
                           "frame must be \"auto\", or a whole number up to 9; got 10\n");
}

TEST_CASE("a mistake in the defaults is reported once, however many shots it touches") {
    std::string text = kModel + "defaults: { duration: 99, cfg: 1 }\nshots:\n";
    for (int i = 0; i < 50; ++i) text += "  - a\n";
    CHECK(read_storyboard(text, "x", Catalog{}).faults.size() == 2);
}

TEST_CASE("a mistake behind an alias is reported once, where it stands") {
    const StoryboardRead read = read_storyboard(
        kModel + "shots:\n  - &a { prompt: x, duration: 99 }\n  - *a\n  - *a\n", "x", Catalog{});
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].place.line == 3);
}

TEST_CASE("of a thousand and one faults the first thousand are told, and how many more there are") {
    std::string text = kModel + "shots:\n";
    for (int i = 0; i < 1'500; ++i) text += "  - { prompt: a, duration: 99 }\n";
    const StoryboardRead read = read_storyboard(text, "x", Catalog{});
    REQUIRE(read.faults.size() == 1'001);
    CHECK(read.faults.back().message == "and 500 more; mend these first");
    CHECK(read.faults.back().severity == Severity::error);
}

TEST_CASE("a storyboard of warnings alone is good") {
    const StoryboardRead read =
        read_storyboard(kModel + "shots:\n  - { prompt: \"<<<voice_1>>>\" }\n", "x", Catalog{});
    CHECK(read.good());
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].severity == Severity::warning);
}

TEST_CASE("defaults that make inputs many times the size of the file are bounded") {
    StoryboardLimits limits;
    limits.inputs_bytes_max = 50'000;
    limits.input_bytes_max = 20'000;
    std::string text = kModel + "defaults: { negative_prompt: " + std::string(10'000, 'x') +
                       " }\nshots: [a, b, c, d, e, f]\n";
    CHECK(messages(read_storyboard(text, "x", Catalog{}, limits)).find("inputs of all shots") !=
          std::string::npos);
    limits.input_bytes_max = 9'000;
    CHECK(messages(read_storyboard(text, "x", Catalog{}, limits)).find("at most 9000 bytes can be sent") !=
          std::string::npos);
}

TEST_CASE("a shot with too many parameters is refused, wherever they stand") {
    const std::string model = "model: kling-o3-pro-text-to-video\n";
    std::string direct = model + "shots:\n  - id: a\n";
    std::string inner = model + "shots:\n  - input:\n";
    std::string defaults = model + "shots: [a]\ndefaults:\n  input: { x: 1 }\n";
    for (int i = 0; i < 300; ++i) {
        direct += fmt::format("    k{}: 1\n", i);
        inner += fmt::format("      k{}: 1\n", i);
        defaults += fmt::format("  k{}: 1\n", i);
    }
    for (const std::string& text : {direct, inner, defaults}) {
        CHECK(messages(read_storyboard(text, "x", Catalog{})).find("more than 256 parameters") !=
              std::string::npos);
    }
}

TEST_CASE("more models than a storyboard may use are refused") {
    StoryboardLimits limits;
    limits.models_max = 2;
    const StoryboardRead read =
        read_storyboard("shots: [{ model: a }, { model: b }, { model: c }]", "x", Catalog{}, limits);
    CHECK_FALSE(read.good());
    CHECK(messages(read).find("more than 2 different models") != std::string::npos);
}

TEST_CASE("a hundred thousand shots are read") {
    std::string text = kModel + "defaults: { duration: 5 }\nshots:\n";
    for (int i = 0; i < 100'000; ++i) text += "- a\n";
    const StoryboardRead read = read_storyboard(text, "x", Catalog{});
    CHECK(read.storyboard.shots.size() == 100'000);
    CHECK(read.storyboard.shots.back().id == "shot-100000");
}
