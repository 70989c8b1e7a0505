/// What a fuzz target asserts: a list of claims, of which the first that does not hold is the find.
#pragma once

#include <string>
#include <string_view>

namespace reeld::test {

/// Claims are checked in a row; one that is broken makes those after it uninteresting, and they are not kept.
class Claims {
public:
    /// `claim` is a sentence that is true when all is well: "a fault has a message".
    void check(bool holds, std::string_view claim) {
        if (!holds && broken_.empty()) broken_ = claim;
    }

    /// Like check(), and shows the text that the claim is about.
    void check(bool holds, std::string_view claim, std::string_view about);

    /// The first claim that does not hold; empty: all hold.
    [[nodiscard]] const std::string& broken() const { return broken_; }

private:
    std::string broken_;
};

/// Whether a person can be shown the text as it is: not empty, UTF-8, one line, no control characters.
[[nodiscard]] bool is_one_line(std::string_view text);

/// One line of the head of a fuzzer's input: what stands before the next line feed, which `rest` loses with
/// it. Without a line feed, all of it. Heads are lines so that seeds can be read and written by people.
[[nodiscard]] std::string_view take_line(std::string_view& rest);

} // namespace reeld::test
