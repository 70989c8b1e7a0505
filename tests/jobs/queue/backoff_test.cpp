#include "jobs/queue/backoff.h"

#include <doctest/doctest.h>

#include <limits>

namespace reeld::test {

using namespace std::chrono_literals;

TEST_CASE("a backoff doubles up to its maximum, drawn down by at most half") {
    const Backoff backoff{.base = 2s, .max = 2min};
    for (std::uint64_t dice = 0; dice < 200; ++dice) {
        Duration full = backoff.base;
        for (int failures = 1; failures <= 100; ++failures) {
            const Duration wait = backoff.after(failures, dice);
            CHECK(wait <= full);
            CHECK(wait >= full / 2);
            full = std::min(backoff.max, full * 2);
        }
    }
}

TEST_CASE("the same dice give the same wait, so a replay decides as the first run did") {
    const Backoff backoff;
    CHECK(backoff.after(3, 42) == backoff.after(3, 42));
    CHECK(backoff.after(3, 42) != backoff.after(3, 43));
}

TEST_CASE("a very long base or maximum does not overflow") {
    const Duration century = std::chrono::hours{24 * 36'525};
    const Backoff backoff{.base = century / 2, .max = century};
    for (const int failures : {1, 2, 3, 63, 64, 1'000, std::numeric_limits<int>::max()}) {
        CHECK(backoff.after(failures, 7) >= century / 4);
        CHECK(backoff.after(failures, 7) <= century);
    }
}

TEST_CASE("a base above the maximum waits the maximum") {
    const Backoff backoff{.base = 1h, .max = 1min};
    CHECK(backoff.after(1, 1) <= 1min);
    CHECK(backoff.after(1, 1) >= 30s);
}

} // namespace reeld::test
