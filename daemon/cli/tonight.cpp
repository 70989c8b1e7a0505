#include "daemon/cli/tonight.h"

#include "daemon/cli/plan.h"
#include "daemon/cli/submit_files.h"
#include "daemon/progress/terminal.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace reeld {

namespace {

/// How soon a daemon that was away is asked again.
constexpr Duration kAskAgainAfter = std::chrono::seconds{2};

/// As finely as the daemon tells times.
using Said = std::chrono::milliseconds;

class NightFiles {
public:
    NightFiles(DaemonClient& client, const std::vector<std::string>& files, const Follow::Options& times)
        : client_(client), times_(times), began_(client.loop().now()), left_(files.begin(), files.end()) {}

    Tonight to_end() && {
        Instant since = began_.at;
        while (!left_.empty()) {
            const std::size_t before = left_.size();
            const std::string why = submit_until_away();
            if (left_.empty()) break;
            const Instant now = client_.loop().now().at;
            if (left_.size() < before) since = now;
            if (now - since >= times_.patience) return give_up(why);
            if (std::exchange(told_, why) != why)
                write_stderr(fmt::format("reeld: {}\nreeld: waiting for it\n", why));
            const bool late = times_.timeout && now - began_.at >= *times_.timeout;
            if (late || !client_.wait(kAskAgainAfter)) {
                tonight_.interrupted = true;
                break;
            }
        }
        return std::move(tonight_);
    }

private:
    /// Returns why the daemon is away; nothing: no file is left.
    std::string submit_until_away() {
        while (!left_.empty()) {
            const std::string file = left_.front();
            left_.pop_front();
            try {
                submit(file);
            } catch (const PlanError& error) {
                refuse(file, error.what());
            } catch (const DaemonAway& away) {
                left_.push_back(file); // The next one first: this one may be the only one in trouble.
                return away.what();
            }
        }
        return {};
    }

    void submit(const std::string& file) {
        auto it = submit_file(client_, file, {.again = false, .after = {}, .priority = {}, .now = false});
        // Yesterday's is rendered once more; one that has not ended is not paid for twice.
        const bool is_yesterdays =
            it.duplicate && it.finished && it.accepted_at < std::chrono::floor<Said>(began_.wall);
        if (is_yesterdays)
            it = submit_file(client_, file, {.again = true, .after = it.batch, .priority = {}, .now = false});
        write_stderr(it.duplicate ? fmt::format("{}: is being rendered, as {}\n", file, it.batch)
                                  : accepted_line(it));
        // The same bytes twice in one folder are one wish.
        if (std::ranges::count(tonight_.batches, it.batch) == 0) tonight_.batches.push_back(it.batch);
    }

    void refuse(const std::string& file, std::string_view why) {
        ++tonight_.refused;
        write_stderr(fmt::format("{}\n{}: not rendered tonight\n", why, file));
    }

    Tonight give_up(const std::string& why) {
        for (const auto& file : left_) refuse(file, "reeld: error: " + why);
        tonight_.away = why;
        return std::move(tonight_);
    }

    DaemonClient& client_;
    Follow::Options times_;
    Stamp began_;
    std::deque<std::string> left_;
    std::string told_;
    Tonight tonight_;
};

} // namespace

Tonight submit_for_tonight(DaemonClient& client, const std::vector<std::string>& files,
                           const Follow::Options& times) {
    return NightFiles(client, files, times).to_end();
}

} // namespace reeld
