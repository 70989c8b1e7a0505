/// An inbox on a folder of its own, with everything that it reports.
#pragma once

#include "daemon/inbox/inbox.h"
#include "tests/daemon/output/file_text.h"
#include "tests/support/temp_folder.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace reeld::test {

/// Scans come when a test wants them: after an hour is never.
inline constexpr Duration kNever = std::chrono::hours{1};
/// Short enough that two scans take no time that counts.
inline constexpr Duration kOften = std::chrono::milliseconds{2};

class WatchedFolder {
public:
    explicit WatchedFolder(Duration scan_interval, Duration quiet_time = std::chrono::milliseconds{1})
        : options_{.folder = temp / "inbox", .scan_interval = scan_interval, .quiet_time = quiet_time} {}

    /// Starts the inbox and lets it finish its first scan.
    void start() {
        inbox.emplace(loop, options_,
                      Inbox::Reports{.ready = [this](const Inbox::Offer& offer) { take(offer); },
                                     .trouble =
                                         [this](const std::string& line) {
                                             troubles.push_back(line);
                                         }});
        turn(3);
    }

    void turn(int times) {
        for (int i = 0; i < times; ++i) loop.turn(Duration{0});
    }

    /// Turns the loop until `condition` holds. False when it never did: some seconds, in turns, not in time.
    bool until(const std::function<bool()>& condition) {
        for (int i = 0; i < kTurnsMax && !condition(); ++i) loop.turn(std::chrono::milliseconds{1});
        return condition();
    }
    bool until_offers(std::size_t count) {
        return until([&] { return offers.size() >= count; });
    }
    bool until_troubles(std::size_t count) {
        return until([&] { return troubles.size() >= count; });
    }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder() / name; }
    [[nodiscard]] const std::filesystem::path& folder() const { return options_.folder; }

    TempFolder temp;
    Loop loop;
    std::vector<std::string> offers; ///< Names, in the order in which they were offered.
    std::vector<std::string> texts;  ///< What was read from each offer.
    std::vector<std::string> troubles;
    std::function<void(const Inbox::Offer&)> on_offer; ///< Answers at once, when set.
    SourceIdentity last_identity;
    std::optional<Inbox> inbox; // Last, so that it ends first.

private:
    static constexpr int kTurnsMax = 5'000;

    void take(const Inbox::Offer& offer) {
        offers.push_back(offer.file_name);
        texts.push_back(text_of("/proc/self/fd/" + std::to_string(offer.fd)));
        last_identity = offer.identity;
        if (on_offer) on_offer(offer);
    }

    Inbox::Options options_;
};

} // namespace reeld::test
