#include "tests/bench/measure.h"

namespace reeld::bench {

namespace {

constexpr int kUnlimitedShots = 20'000;
constexpr std::chrono::minutes kUnlimitedSilenceMax{2};

const std::vector<std::string> kNoLimits = {"--time", "1ms",          "--creates", "100000",   "--per",
                                            "1s",     "--concurrent", "500",       "--spread", "0"};

/// What one client cost that rendered all of the shots.
struct Cost {
    double wall_s = 0;
    double cpu_us = 0; ///< Per prediction.
    double polls = 0;  ///< Likewise.
};

Cost cost(test::ProgramStart start, const test::SandboxProgram& sandbox) {
    start.silence_max = kUnlimitedSilenceMax;
    const Stopwatch watch;
    const auto end = run_program(start);
    const double wall_s = watch.seconds();
    require_success(end);
    const auto report = sandbox.report();
    if (number_in(report, "creates_accepted") != kUnlimitedShots || number_in(report, "ends_unobserved") != 0)
        throw std::runtime_error("not every shot was rendered once");
    return {.wall_s = wall_s,
            .cpu_us = end.cpu_s * 1e6 / kUnlimitedShots,
            .polls = number_in(report, "polls_per_prediction_mean")};
}

Cost cost_of_reeld() {
    test::Night night(kNoLimits);
    night.configure("limits", "{ creates: 100000, per: 1s, concurrent: 500 }");
    night.configure("polling", "{ first: 1ms, min: 1ms, max: 50ms }");
    const auto file = night.write("many.yaml", test::Night::storyboard(kUnlimitedShots));
    return cost(night.reeld({"run", "--quiet", file}), night.sandbox());
}

Cost cost_of_bare_loop() {
    const test::SandboxProgram sandbox(kNoLimits);
    return cost({.words = {REELD_BARE_LOOP, sandbox.base_url(), std::to_string(kUnlimitedShots), "500"}},
                sandbox);
}

} // namespace

Figures unlimited() {
    const Cost bare = cost_of_bare_loop();
    const Cost reeld = cost_of_reeld();
    return {at_least("predictions per second", 1000, kUnlimitedShots / reeld.wall_s, "{:.0f}"),
            for_reading("CPU per prediction", reeld.cpu_us, "{:.0f} µs"),
            for_reading("polls per prediction", reeld.polls, "{:.2f}"),
            for_reading("bare loop: predictions per second", kUnlimitedShots / bare.wall_s, "{:.0f}"),
            for_reading("bare loop: CPU per prediction", bare.cpu_us, "{:.0f} µs"),
            for_reading("bare loop: polls per prediction", bare.polls, "{:.2f}"),
            for_reading("CPU of reeld / bare loop", reeld.cpu_us / bare.cpu_us, "{:.2f}")};
}

} // namespace reeld::bench
