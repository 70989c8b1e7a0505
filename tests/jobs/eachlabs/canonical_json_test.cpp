#include "jobs/eachlabs/canonical_json.h"

#include "jobs/eachlabs/json_body.h"
#include "tests/jobs/queue/dice.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

using namespace reeld::eachlabs;
using reeld::test::Dice;

namespace {

/// A JSON value and the many texts that say it.
struct Json {
    enum class Kind { word, number, string, array, object };
    Kind kind = Kind::word;
    std::string text; ///< Of a word, a whole number or a string: its characters, ASCII.
    std::vector<std::pair<std::string, Json>> parts; ///< Of an array without keys.

    friend bool operator==(const Json&, const Json&) = default;
};

std::string any_text(Dice& dice) {
    std::string text;
    for (auto count = dice.roll(5); count > 0; --count) text += static_cast<char>('!' + dice.roll(94));
    return text;
}

Json any_json(Dice& dice, int depth) {
    static constexpr std::array<const char*, 3> kWords = {"null", "true", "false"};
    Json json;
    json.kind = static_cast<Json::Kind>(dice.roll(depth == 0 ? 3 : 5));
    if (json.kind == Json::Kind::word) json.text = kWords.at(dice.roll(kWords.size()));
    if (json.kind == Json::Kind::number) json.text = fmt::format("{}", 1 + dice.roll(std::uint64_t{1} << 62));
    if (json.kind == Json::Kind::string) json.text = any_text(dice);
    if (json.kind < Json::Kind::array) return json;
    for (auto count = dice.roll(5); count > 0; --count) {
        // The number keeps keys apart; the text before it keeps their order from being that of the numbers.
        std::string key = json.kind == Json::Kind::object ? any_text(dice) + fmt::format("{}", count) : "";
        json.parts.emplace_back(std::move(key), any_json(dice, depth - 1));
    }
    return json;
}

std::string blanks(Dice& dice) {
    static constexpr std::string_view kBlanks = " \t\r\n";
    std::string text;
    while (dice.chance(0.3)) text += kBlanks[dice.roll(kBlanks.size())];
    return text;
}

std::string spell_string(Dice& dice, const std::string& text) {
    std::string spelled;
    for (const char c : text) {
        const auto code = static_cast<unsigned>(c);
        if (dice.chance(0.3)) {
            spelled += dice.chance(0.5) ? fmt::format("\\u{:04x}", code) : fmt::format("\\u{:04X}", code);
        } else {
            if (c == '"' || c == '\\' || (c == '/' && dice.chance(0.5))) spelled += '\\';
            spelled += c;
        }
    }
    return '"' + spelled + '"';
}

std::string spell_number(Dice& dice, const std::string& digits) {
    switch (dice.roll(5)) {
    case 0: return digits + ".000";
    case 1: return fmt::format("{}.{}e{}", digits[0], digits.substr(1) + "0", digits.size() - 1);
    case 2: return digits + "00E-2";
    case 3: return fmt::format("0.{}e+{}", digits, digits.size());
    default: return digits;
    }
}

/// One of the texts of `json`, by chance.
std::string spell(Dice& dice, const Json& json) {
    if (json.kind == Json::Kind::word) return json.text;
    if (json.kind == Json::Kind::number) return spell_number(dice, json.text);
    if (json.kind == Json::Kind::string) return spell_string(dice, json.text);
    const bool object = json.kind == Json::Kind::object;
    auto parts = json.parts;
    for (std::size_t i = parts.size(); object && i > 1; --i) std::swap(parts[i - 1], parts[dice.roll(i)]);
    std::string text;
    for (const auto& [key, part] : parts) {
        text += text.empty() ? "" : ",";
        if (object) text += blanks(dice) + spell_string(dice, key) + blanks(dice) + ":";
        text += blanks(dice) + spell(dice, part) + blanks(dice);
    }
    return (object ? "{" : "[") + text + blanks(dice) + (object ? "}" : "]");
}

/// Some part of `json`, itself included.
Json& any_part(Dice& dice, Json& json) {
    if (json.parts.empty() || dice.chance(0.3)) return json;
    return any_part(dice, json.parts[dice.roll(json.parts.size())].second);
}

/// Changes a value, a type, a key, or the order or number of elements, somewhere. What it makes may by chance
/// equal what was there.
void change(Dice& dice, Json& json) {
    Json& part = any_part(dice, json);
    switch (dice.roll(4)) {
    case 0: part = any_json(dice, 1); break;
    case 1: // 5 becomes "5", null becomes "null", and back.
        if (part.kind == Json::Kind::number || part.kind == Json::Kind::word) part.kind = Json::Kind::string;
        break;
    case 2:
        if (part.parts.empty()) {
            part.text += part.kind == Json::Kind::number ? "1" : "";
        } else if (part.kind == Json::Kind::array) {
            std::rotate(part.parts.begin(), part.parts.begin() + 1, part.parts.end());
        } else {
            part.parts.front().first += "x";
        }
        break;
    default:
        if (!part.parts.empty()) part.parts.pop_back();
    }
}

/// Equal as JSON means it: the order of an object's keys does not count.
Json in_order(Json json) {
    for (auto& [key, part] : json.parts) part = in_order(std::move(part));
    if (json.kind == Json::Kind::object)
        std::ranges::sort(json.parts, {}, [](const auto& part) { return part.first; });
    return json;
}

} // namespace

TEST_CASE("every spelling of a JSON value has one canonical text") {
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        const Json json = any_json(dice, 3);
        const std::string one = spell(dice, json);
        const std::string other = spell(dice, json);
        CAPTURE(one);
        CAPTURE(other);
        const auto canonical = canonical_json(one);
        REQUIRE(canonical);
        CHECK(canonical_json(other) == canonical);
        CHECK(canonical_json(*canonical) == canonical);
    }
}

TEST_CASE("any change of a JSON value changes its canonical text") {
    int changes = 0;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        const Json json = any_json(dice, 3);
        Json changed = json;
        change(dice, changed);
        if (in_order(changed) == in_order(json)) continue;
        ++changes;
        const std::string one = spell(dice, json);
        const std::string other = spell(dice, changed);
        CAPTURE(one);
        CAPTURE(other);
        const auto canonical = canonical_json(one);
        REQUIRE(canonical);
        const auto differs = canonical_json(other);
        REQUIRE(differs);
        CHECK(*differs != *canonical);
    }
    CHECK(changes > 500);
}

TEST_CASE("keys are sorted by their bytes, blanks are left out and escapes are undone") {
    CHECK(canonical_json(R"( { "b" : [ 2 , 1.0 , { } , [ ] ] , "a" : { "y" : null , "B" : true } } )") ==
          R"({"a":{"B":true,"y":null},"b":[2,1,{},[]]})");
    CHECK(canonical_json(R"({"é":1,"z":2,"":3,"aa":4,"a":5})") == R"({"":3,"a":5,"aa":4,"z":2,"é":1})");
    CHECK(canonical_json(R"({"\u0062":1,"a":2})") == R"({"a":2,"b":1})");
    CHECK(canonical_json(R"("\u0061\/\u00e9\u20AC\ud83d\ude00")") == R"("a/é€😀")");
    CHECK(canonical_json(R"("\u000a\n\u0022\"\u005c\\\u0000\u001f")") == R"("\n\n\"\"\\\\\u0000\u001F")");
}

TEST_CASE("values of different types differ, however alike they look") {
    const std::array<std::string_view, 12> texts = {"5",    R"("5")", R"("5.0")", "[5]",
                                                    "[]",   "{}",     "[[]]",     R"("null")",
                                                    "null", "\"\"",   "true",     R"("true")"};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::size_t j = i + 1; j < texts.size(); ++j) {
            CAPTURE(texts.at(i));
            CAPTURE(texts.at(j));
            CHECK(canonical_json(texts.at(i)) != canonical_json(texts.at(j)));
        }
    }
    CHECK(canonical_json(R"({"a":null})") != canonical_json("{}"));
}

TEST_CASE("whole numbers beyond the exact range of doubles stay apart") {
    CHECK(canonical_json(R"({"seed":9007199254740993})") == R"({"seed":9007199254740993})");
    CHECK(canonical_json("[9007199254740993.0]") == "[9007199254740993]");
    CHECK(canonical_json("[9007199254740993]") != canonical_json("[9007199254740992]"));
    CHECK(canonical_json("[-5,-0,0.50,1E2]") == "[-5,0,0.5,100]");
}

TEST_CASE("strings that only look alike stay apart: nothing is normalized in them") {
    CHECK(canonical_json(R"("é")") != canonical_json(R"("e\u0301")"));
    CHECK(canonical_json(R"("a b")") != canonical_json(R"("a  b")"));
    CHECK(canonical_json(R"("a\u0000b")") != canonical_json(R"("a")"));
}

TEST_CASE("an object that names a key twice has no canonical text, at any depth and in any spelling") {
    for (const std::string_view text : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"a":1,"\u0061":2})",
                                        R"([{"x":{"a":1,"a":2}}])"}) {
        CAPTURE(text);
        CHECK_FALSE(canonical_json(text));
    }
    CHECK(canonical_json(R"([{"a":1},{"a":1}])"));
    CHECK(canonical_json(R"({"a":{"a":1},"A":2})"));
}

TEST_CASE("what is not one JSON text within the limits has no canonical text") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(canonical_json(nested(kBodyNestingMax)) == nested(kBodyNestingMax));
    CHECK_FALSE(canonical_json(nested(kBodyNestingMax + 1)));
    CHECK_FALSE(canonical_json(std::string(kBodyBytesMax, ' ') + "1"));
    for (const std::string& text :
         {std::string{}, std::string{" "}, std::string{"{"}, std::string{"{} {}"}, std::string{"<html>"},
          std::string{"01"}, std::string{"+1"}, std::string{".5"}, std::string{"1."}, std::string{"1e"},
          std::string{"NaN"}, std::string{"{'a':1}"}, std::string{"[1,]"}, std::string{"\"\xff\""},
          std::string{"{\"\xc3\":1}"}, std::string{"1e400"}, std::string{"{}\0", 3}}) {
        CAPTURE(text);
        CHECK_FALSE(canonical_json(text));
    }
}

TEST_CASE("half a surrogate pair is told as the mended character that a body's reader sees") {
    CHECK(canonical_json(R"("\ud800")") == "\"\uFFFD\"");
    CHECK(canonical_json(R"("a\udc00z")") == "\"a\uFFFDz\"");
}

TEST_CASE("one member of an object is told by its name alone") {
    CHECK(canonical_member(R"({"x":{"input":1},"input":{"b":1.0,"a":"\u0061"},"y":[]})", "input") ==
          R"({"a":"a","b":1})");
    CHECK(canonical_member(R"({"input":null})", "input") == "null");
    CHECK_FALSE(canonical_member(R"({"x":{"input":1}})", "input"));
    CHECK_FALSE(canonical_member(R"([{"input":1}])", "input"));
    CHECK_FALSE(canonical_member(R"({"input":1,"input":1})", "input"));
    CHECK_FALSE(canonical_member("{}", "input"));
    CHECK_FALSE(canonical_member("5", "input"));
    CHECK_FALSE(canonical_member("", "input"));
}
