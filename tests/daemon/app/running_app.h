/// An App with its real parts: a loop, libcurl, a journal on a disk that fails on demand, and a provider
/// behind a socket.
#pragma once

#include "daemon/app/app.h"
#include "tests/support/fault_server.h"
#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_disk.h"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace reeld::test {

class RunningApp {
public:
    /// Started, with `slots` predictions at once; the provider's predictions succeed at their first poll.
    explicit RunningApp(int slots, Duration intent_age_max = kIntentAgeMax);

    /// Accepts a batch of `shots` sample shots, as the intake does; the last has the highest priority.
    BatchKey accept(const std::string& name, std::uint32_t shots);

    /// Turns the loop until `done`; fails the test when that takes longer than anything here can.
    void turn_until(const std::function<bool()>& done);

    /// Turns until the disk has refused `count` more writes: so many times a commit was tried, at most.
    void turn_until_refused(int count);

    /// Creates that reached the provider.
    [[nodiscard]] int creates() const;

    /// Events of one kind, so far.
    template <class Fact>
    [[nodiscard]] int count() const {
        int found = 0;
        for (const Event& event : happened) found += std::holds_alternative<Fact>(event.fact) ? 1 : 0;
        return found;
    }

    /// What a machine that lost its power now would find in the journal.
    [[nodiscard]] std::vector<Event> after_crash() const;

    TestDisk disk;
    TempFolder folder;
    std::atomic<bool> silent{false}; ///< Creates are not answered.
    std::atomic<bool> broken{false}; ///< Creates are answered with 500, and stand in the list.
    FaultServer provider;
    Loop loop;
    Journal journal;
    Http http;
    std::vector<Event> happened;
    std::function<void(const Event&)> on_event = [](const Event&) {
    };
    std::vector<std::string> troubles;
    std::vector<std::string> stalls;
    std::vector<std::string> failures;
    int resumed = 0;
    App app;

private:
    [[nodiscard]] Reaction react(const ReceivedRequest& request);
    [[nodiscard]] App::Options options(int slots, Duration intent_age_max) const;
    [[nodiscard]] App::Reports reports();

    std::atomic<int> predictions_{0};
};

} // namespace reeld::test
