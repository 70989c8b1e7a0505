#include "tests/bench/measure.h"

#include <memory>

namespace reeld::bench {

namespace {

/// Quiet nights are silent from their first shot to their last.
constexpr std::chrono::minutes kSilenceMax{10};

enum class Webhooks { off, on };

struct SlotNight {
    SlotNight(int seed, Webhooks webhooks)
        : night({"--time", "8s", "--spread", "0.25", "--creates", "100000", "--per", "1s", "--concurrent",
                 "10", "--seed", std::to_string(seed)}) {
        night.configure("limits", "{ creates: 100000, per: 1s, concurrent: 10 }");
        night.configure("polling", "{ min: 50ms, max: 750ms }");
        if (webhooks == Webhooks::on) night.listen_for_webhooks();
        auto start = night.reeld({"run", "--quiet", night.write("slots.yaml", test::Night::storyboard(200))});
        start.silence_max = kSilenceMax;
        program = std::make_unique<test::Program>(start);
    }

    test::Night night;
    std::unique_ptr<test::Program> program;
};

struct Medians {
    double ratio = 0;
    double polls = 0;
    double cpu_s = 0;
};

Medians render(int seeds, Webhooks webhooks) {
    std::vector<std::unique_ptr<SlotNight>> nights;
    for (int seed = 1; seed <= seeds; ++seed) nights.push_back(std::make_unique<SlotNight>(seed, webhooks));
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
    return {.ratio = median(ratios), .polls = median(polls), .cpu_s = median(cpu)};
}

} // namespace

Figures slot_bound(int seeds) {
    const Medians medians = render(seeds, Webhooks::off);
    return {at_most("makespan / ideal", 1.008, medians.ratio, "{:.4f}"),
            at_most("polls per prediction", 35, medians.polls, "{:.1f}"),
            at_most("CPU of reeld", 1, medians.cpu_s, "{:.2f} s")};
}

Figures slot_bound_with_webhooks(int seeds) {
    const Medians medians = render(seeds, Webhooks::on);
    return {at_most("makespan / ideal", 1.003, medians.ratio, "{:.4f}"),
            at_most("polls per prediction", 5, medians.polls, "{:.1f}"),
            at_most("CPU of reeld", 1, medians.cpu_s, "{:.2f} s")};
}

} // namespace reeld::bench
