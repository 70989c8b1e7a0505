/// What is going to happen, in the order of true time.
#pragma once

#include "tests/simulation/clocks.h"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace reeld::test {

/// Things of the same moment happen in the order in which they were entered, so that a night is one
/// sequence.
class Agenda {
public:
    void at(Moment when, std::function<void()> what) {
        entries_.emplace(std::pair{when, ++entered_}, std::move(what));
    }

    [[nodiscard]] bool empty() const { return entries_.empty(); }

    /// When the next thing happens. Requires that there is one.
    [[nodiscard]] Moment next() const { return entries_.begin()->first.first; }

    /// Takes the next thing out. Requires that there is one.
    [[nodiscard]] std::function<void()> take() {
        return std::move(entries_.extract(entries_.begin()).mapped());
    }

private:
    std::map<std::pair<Moment, std::uint64_t>, std::function<void()>> entries_;
    std::uint64_t entered_ = 0;
};

} // namespace reeld::test
