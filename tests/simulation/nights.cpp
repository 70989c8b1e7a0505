#include "tests/simulation/nights.h"

#include <fmt/format.h>

#include <exception>
#include <iterator>

namespace reeld::test {

namespace {

void add(DoubtTally& sum, const DoubtTally& one) {
    sum.lost += one.lost;
    sum.adopted += one.adopted;
    sum.adopted_foreign += one.adopted_foreign;
    sum.dismissed_by_list += one.dismissed_by_list;
    sum.dismissed_by_rule += one.dismissed_by_rule;
    sum.held += one.held;
    sum.by_person += one.by_person;
}

std::string line(const char* name, const DoubtTally& it) {
    return fmt::format(
        "{}: {} lost; {} adopted ({} of other programs), {} dismissed by the list, {} by rule, {} held, "
        "{} settled by a person\n",
        name, it.lost, it.adopted, it.adopted_foreign, it.dismissed_by_list, it.dismissed_by_rule, it.held,
        it.by_person);
}

} // namespace

std::string live_through(std::uint64_t seed, NightTally& tally) {
    ++tally.nights;
    try {
        Simulation night{seed};
        night.run();
        tally.starts += static_cast<std::uint64_t>(night.starts());
        tally.creates += night.creates();
        tally.simulated += night.simulated();
        add(tally.doubts, night.doubts());
        add(tally.doubts_with_list, night.doubts_with_list());
        if (night.doubts_with_list().held > 0) tally.held_with_list.push_back(seed);
        tally.doubts_beside_strangers += night.doubts_beside_strangers();
        for (std::size_t i = 0; i < kShotStates; ++i)
            tally.shots.at(i) += static_cast<std::uint64_t>(night.shots_in(static_cast<ShotState>(i)));
        for (std::size_t i = 0; i < kFaultClasses; ++i) tally.faults.at(i) += night.faults().counts().at(i);
    } catch (const std::exception& broken) {
        ++tally.failed;
        return fmt::format("seed {}: {}\nrun it again: REELD_SIMULATION_SEED={} build/reeld_tests -tc='a "
                           "night of your choice*'",
                           seed, broken.what(), seed);
    }
    return "";
}

std::string table(const NightTally& tally) {
    std::string text = fmt::format(
        "{} nights, {} of them broken; {} hours simulated, {} starts, {} predictions\n", tally.nights,
        tally.failed, tally.simulated.count() / 3'600'000'000, tally.starts, tally.creates);
    text += line("doubts", tally.doubts) + line("doubts with a list that works", tally.doubts_with_list);
    if (!tally.held_with_list.empty())
        text +=
            fmt::format("held although their list works: seeds {}\n", fmt::join(tally.held_with_list, " "));
    text += fmt::format("besides, {} whose list works, beside an equal execution of another program\n",
                        tally.doubts_beside_strangers);
    for (std::size_t i = 0; i < kShotStates; ++i) {
        if (tally.shots.at(i) > 0)
            text += fmt::format("{:>12} {}\n", tally.shots.at(i), to_word(static_cast<ShotState>(i)));
    }
    for (std::size_t i = 0; i < kFaultClasses; ++i)
        text += fmt::format("{:>12} {}\n", tally.faults.at(i), to_word(static_cast<FaultClass>(i)));
    return text;
}

} // namespace reeld::test
