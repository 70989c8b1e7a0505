/// What happened in a night, as text and as one number.
#pragma once

#include "tests/simulation/clocks.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

namespace reeld::test {

/// Two nights with the same number took the same way (FNV-1a over all lines). The lines themselves are kept
/// nowhere; they go to stderr when somebody wants to read along.
class Trace {
public:
    Trace(const Clocks& clocks, bool printed) : clocks_(clocks), printed_(printed) {}

    /// Adds a line, with the true time before it.
    template <class... Arguments>
    void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
        line_.clear();
        fmt::format_to(std::back_inserter(line_), "{:>13.6f} ",
                       static_cast<double>(clocks_.now.count()) / 1e6);
        fmt::format_to(std::back_inserter(line_), format, std::forward<Arguments>(arguments)...);
        for (const char c : line_) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * kPrime;
        if (printed_) std::fprintf(stderr, "%.*s\n", static_cast<int>(line_.size()), line_.data());
    }

    /// Of all lines so far.
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

private:
    static constexpr std::uint64_t kPrime = 0x100000001b3;

    const Clocks& clocks_;
    bool printed_;
    fmt::memory_buffer line_;
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

} // namespace reeld::test
