#include "daemon/progress/progress_text.h"
#include "tests/support/contains.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

ProgressView busy_view() {
    ProgressView view;
    view.active = {{.name = "harbor-teaser/sunrise",
                    .state = ShotState::rendering,
                    .attempt = 2,
                    .age = 65s,
                    .expected = 160s}};
    view.succeeded = 12;
    view.failed = 1;
    view.held = 2;
    view.total = 50;
    view.slots_taken = 3;
    view.slots = 10;
    view.tokens = 85;
    view.tokens_max = 100;
    view.elapsed = 754s;
    view.remaining = 1800s;
    return view;
}

std::vector<std::string> lines_at(const ProgressView& view, std::size_t columns, std::size_t rows = 24) {
    return progress_lines(view, {.columns = columns, .rows = rows, .colour = false});
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

} // namespace

TEST_CASE("a narrow terminal gets the numbers of a run on more lines, and all of them") {
    for (const std::size_t columns : {40U, 80U, 200U}) {
        CAPTURE(columns);
        const auto text = joined(lines_at(busy_view(), columns));
        for (const char* part : {"12 of 50 done, 1 failed, 2 held", "slots 3/10", "creates left 85/100",
                                 "12:34 elapsed, about 30:00 left"}) {
            CHECK_MESSAGE(contains(text, part), text);
        }
        for (const auto& line : lines_at(busy_view(), columns)) CHECK(line.size() <= columns);
    }
    CHECK(lines_at(busy_view(), 200).size() == 3);
}

TEST_CASE("why a run waits is told in full at 40 columns, and stays below the height of the terminal") {
    auto view = busy_view();
    view.waiting = "all creates of this window are used; the next in 42 s";
    CHECK(contains(joined(lines_at(view, 40)), "the next in 42 s"));
    for (int i = 0; i < 200; ++i) view.waiting += " and the provider said more";
    view.active.resize(100, view.active.front());
    CHECK(lines_at(view, 40, 24).size() < 24);
}

} // namespace reeld::test
