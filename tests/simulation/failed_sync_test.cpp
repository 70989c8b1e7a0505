#include "daemon/journal/journal.h"
#include "tests/simulation/disk.h"
#include "tests/support/sample_journal.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace reeld::test {

namespace {

constexpr std::uint32_t kShots = 300; // Their rows fill pages that the file does not have yet.

Journal::Options options_on(const Disk& disk) {
    std::filesystem::create_directories(disk.folder());
    return {.folder = disk.folder(), .provider = "sandbox", .vfs = disk.vfs()};
}

/// Leaves a batch that is durable, and a larger one whose sync failed.
void fail_a_sync(Disk& disk) {
    Journal journal(options_on(disk));
    accept_sample_batch(journal, "durable", 3, stamp_at(1));
    REQUIRE_FALSE(journal.commit().has_value());
    accept_sample_batch(journal, "doubtful", kShots, stamp_at(2));
    disk.syncs_fail = true;
    REQUIRE(journal.commit().has_value());
    disk.syncs_fail = false;
}

/// Whether the start after that is through before the power fails, after so many operations on the disk.
bool start_until_power_fails(Disk& disk, std::uint64_t operations, Dice& dice) {
    bool through = true;
    disk.revive();
    disk.die_after(operations);
    try {
        const Journal journal(options_on(disk));
    } catch (const JournalError&) {
        through = false;
    }
    through = through && !disk.dead();
    disk.cut_power(dice);
    disk.revive();
    return through;
}

} // namespace

TEST_CASE("a power cut at any moment of the start after a failed sync loses nothing that was durable") {
    bool through = false;
    for (std::uint64_t operations = 1; !through; ++operations) {
        CAPTURE(operations);
        Dice dice(operations);
        Disk disk;
        fail_a_sync(disk);
        through = start_until_power_fails(disk, operations, dice);
        REQUIRE(try_open(options_on(disk)).message == "");
        CHECK(Journal(options_on(disk)).name_taken("durable"));
    }
}

} // namespace reeld::test
