#include "tests/bench/measure.h"

#include <memory>

namespace reeld::bench {

namespace {

/// Quiet nights are silent from their first shot to their last.
constexpr std::chrono::minutes kSilenceMax{10};

struct SlotNight {
    explicit SlotNight(int seed)
        : night({"--time", "8s", "--spread", "0.25", "--creates", "100000", "--per", "1s", "--concurrent",
                 "10", "--seed", std::to_string(seed)}) {
        night.configure("limits", "{ creates: 100000, per: 1s, concurrent: 10 }");
        night.configure("polling", "{ min: 50ms, max: 750ms }");
        auto start = night.reeld({"run", "--quiet", night.write("slots.yaml", test::Night::storyboard(200))});
        start.silence_max = kSilenceMax;
        program = std::make_unique<test::Program>(start);
    }

    test::Night night;
    std::unique_ptr<test::Program> program;
};

} // namespace

Figures slot_bound(int seeds) {
    std::vector<std::unique_ptr<SlotNight>> nights;
    for (int seed = 1; seed <= seeds; ++seed) nights.push_back(std::make_unique<SlotNight>(seed));
    std::vector<double> ratios;
    std::vector<double> polls;
    std::vector<double> cpu;
    for (const auto& night : nights) {
        const auto end = night->program->wait();
        require_success(end);
        const auto report = night->night.sandbox().report();
        ratios.push_back(number_in(report, "makespan_over_ideal"));
        polls.push_back(number_in(report, "polls_per_prediction_mean"));
        cpu.push_back(end.cpu_s);
    }
    return {at_most("makespan / ideal", 1.008, median(ratios), "{:.4f}"),
            at_most("polls per prediction", 35, median(polls), "{:.1f}"),
            at_most("CPU of reeld", 1, median(cpu), "{:.2f} s")};
}

} // namespace reeld::bench
