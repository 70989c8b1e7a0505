#include "jobs/queue/durations.h"

#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

#include <cmath>

namespace reeld::test {

namespace {

const Durations::Kind kFiveSeconds{.model = "kling", .clip_seconds = 5};
const Durations::Kind kTenSeconds{.model = "kling", .clip_seconds = 10};

Durations from_catalog() {
    return Durations{{{"kling", 160s}}};
}

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

} // namespace

TEST_CASE("before anything was seen, the catalog's typical time is believed, and little") {
    const auto belief = from_catalog().belief(kFiveSeconds);
    CHECK(belief.median() == 160s);
    CHECK(belief.seen() == 0);
    CHECK(belief.quantile(0.1) < 60s);
}

TEST_CASE("a model without a typical time, or with none to speak of, gets a guess") {
    const Durations durations{{{"kling-o3", 0s}}};
    CHECK(durations.belief({.model = "kling-o3", .clip_seconds = 5}).median() > 10s);
    CHECK(durations.belief({.model = "unheard-of", .clip_seconds = 5}).median() > 10s);
}

TEST_CASE("what was seen outweighs the catalog, and clip lengths borrow from each other at first") {
    auto durations = from_catalog();
    for (int i = 0; i < 10; ++i) durations.observe(kFiveSeconds, 8s);
    CHECK(seconds(durations.belief(kFiveSeconds).median()) == doctest::Approx(8));
    CHECK(seconds(durations.belief(kTenSeconds).median()) == doctest::Approx(8));
    for (int i = 0; i < 10; ++i) durations.observe(kTenSeconds, 16s);
    CHECK(seconds(durations.belief(kFiveSeconds).median()) == doctest::Approx(8));
    CHECK(seconds(durations.belief(kTenSeconds).median()) == doctest::Approx(16));
}

TEST_CASE("one end is believed less sharply than ten alike, and no number of them is believed as certain") {
    auto durations = from_catalog();
    const auto width = [&] {
        const auto belief = durations.belief(kFiveSeconds);
        return std::log(seconds(belief.quantile(0.9)) / seconds(belief.quantile(0.1)));
    };
    durations.observe(kFiveSeconds, 8s);
    const double after_one = width();
    for (int i = 0; i < 9; ++i) durations.observe(kFiveSeconds, 8s);
    CHECK(width() < after_one / 2);
    for (int i = 0; i < 10'000; ++i) durations.observe(kFiveSeconds, 8s);
    CHECK(width() > 0.05);
}

TEST_CASE("a model that becomes twice as fast is noticed within a few dozen ends, however many came before") {
    auto durations = from_catalog();
    for (int i = 0; i < 5'000; ++i) durations.observe(kFiveSeconds, 160s);
    for (int i = 0; i < 150; ++i) durations.observe(kFiveSeconds, 80s);
    CHECK(seconds(durations.belief(kFiveSeconds).median()) < 90);
}

TEST_CASE("the hazard is finite and not negative at every age, for every belief") {
    for (const Duration median : {Duration{1us}, Duration{8s}, Duration{1h}}) {
        for (const double log_spread : {0.04, 0.3, 3.0}) {
            const DurationBelief belief{median, log_spread, 1};
            for (Duration age{}; age < std::chrono::hours{2'000}; age = age * 3 + 1us) {
                CHECK(std::isfinite(belief.hazard_per_s(age)));
                CHECK(belief.hazard_per_s(age) >= 0);
            }
        }
    }
}

TEST_CASE("an end is likeliest around the median, and stragglers leave some chance long after") {
    const DurationBelief belief{160s, 0.25, 30};
    CHECK(belief.hazard_per_s(160s) > 100 * belief.hazard_per_s(60s));
    CHECK(belief.hazard_per_s(160s) > belief.hazard_per_s(20min));
    CHECK(belief.hazard_per_s(20min) > 0);
}

TEST_CASE("quantiles rise, and the median is the half") {
    const DurationBelief belief{160s, 0.25, 30};
    CHECK(seconds(belief.quantile(0.5)) == doctest::Approx(160).epsilon(1e-6));
    CHECK(belief.quantile(0.01) < belief.quantile(0.1));
    CHECK(belief.quantile(0.9) < belief.quantile(0.99));
    CHECK(belief.mean() > belief.median());
}

} // namespace reeld::test
