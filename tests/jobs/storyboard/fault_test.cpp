#include "jobs/storyboard/fault.h"
#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/source_text.h"
#include "jobs/text/utf8.h"

#include <doctest/doctest.h>

namespace {

using namespace reeld;

std::string render_at(const std::string& text, std::size_t offset) {
    return render_fault("f.yaml", SourceText(text).fault_at(offset, Severity::error, "wrong"));
}

} // namespace

TEST_CASE("a fault is rendered with its place, its line and a caret under it") {
    CHECK(render_at("shots:\n  - prompt: a\n", 11) == "f.yaml:2:5: error: wrong\n    - prompt: a\n      ^");
}

TEST_CASE("a fault of the whole file has no place and no line") {
    const Fault fault{.severity = Severity::warning, .place = {}, .message = "odd", .excerpt = {}};
    CHECK(render_fault("f.yaml", fault) == "f.yaml: warning: odd");
}

TEST_CASE("the caret stands under the place whatever the characters before it are") {
    CHECK(render_at("a: \t\xE5\x8C\x97\xC3\xA9x", 9).ends_with("  a:  北éx\n         ^"));
}

TEST_CASE("control characters and reordering marks of a hostile file are shown, not obeyed") {
    const std::string rendered = render_at("\x1B[31m\x07\xC2\x9B\xE2\x80\xAE\xFF\x7F", 0);
    CHECK(rendered.ends_with("\\x1b[31m\\x07\\x9b\\u{202e}\xEF\xBF\xBD\\x7f\n  ^"));
    CHECK(render_fault("a\x1B.yaml", {.place = {}, .message = "b\nc", .excerpt = {}}) ==
          "a\\x1b.yaml: error: b\\x0ac");
}

TEST_CASE("of a long line the part around the place is shown") {
    const std::string text = std::string(1'000, 'a') + "X" + std::string(1'000, 'b');
    const Fault fault = SourceText(text).fault_at(1'000, Severity::error, "wrong");
    CHECK(fault.place == Place{.line = 1, .column = 1'001});
    CHECK(fault.excerpt == "…" + std::string(40, 'a') + "X" + std::string(59, 'b') + "…");
    CHECK(fault.caret == 41);
}

TEST_CASE("a long line is cut between characters, not within them") {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "é";
    const Fault fault = SourceText(text).fault_at(400, Severity::error, "wrong");
    CHECK_FALSE(first_invalid_utf8(fault.excerpt));
    CHECK(fault.excerpt.find("\xEF\xBF\xBD") == std::string::npos);
    CHECK(count_characters(fault.excerpt) == 102);
    CHECK(fault.place.column == 201);
}

TEST_CASE("a place past the end is the end") {
    CHECK(SourceText("ab\n").place_at(99) == Place{.line = 2, .column = 1});
    CHECK(SourceText("").place_at(0) == Place{.line = 1, .column = 1});
    CHECK(SourceText("ab\r\ncd").place_at(4) == Place{.line = 2, .column = 1});
}

TEST_CASE("the same fault in the same place is kept once, and all come in the file's order") {
    const SourceText source("one\ntwo\nthree\n");
    FaultList list(source, 10);
    list.error(8, "b");
    list.error(4, "a");
    list.error(8, "b");
    list.warning(0, "w");
    CHECK(list.error_count() == 2);
    const std::vector<Fault> faults = list.take();
    REQUIRE(faults.size() == 3);
    CHECK(faults[0].message == "w");
    CHECK(faults[1].message == "a");
    CHECK(faults[2].place.line == 3);
}

TEST_CASE("a message that quotes a page is cut to a line") {
    const SourceText source("x");
    FaultList list(source, 10);
    std::string page;
    for (int i = 0; i < 5'000; ++i) page += "é";
    list.error(0, page);
    const std::string message = list.take().front().message;
    CHECK(message.size() < 700);
    CHECK_FALSE(first_invalid_utf8(message));
}

TEST_CASE("a quoted value is cut after sixty characters") {
    CHECK(quote("a \"b\"") == "\"a \"b\"\"");
    CHECK(quote(std::string(60, 'x')) == "\"" + std::string(60, 'x') + "\"");
    CHECK(quote(std::string(61, 'x')) == "\"" + std::string(60, 'x') + "…\"");
}
