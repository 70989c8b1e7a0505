/// Waits for batches of a daemon to end, and shows what happens to them meanwhile as `reeld run` does.
///
/// It asks every half second; a daemon that is started anew meanwhile is waited for. Threading: none.
#pragma once

#include "daemon/cli/daemon_client.h"
#include "daemon/cli/exit_code.h"
#include "daemon/progress/progress_text.h"
#include "daemon/progress/terminal.h"

#include <cstdint>
#include <optional>
#include <rapidjson/document.h>
#include <set>
#include <string>
#include <vector>

namespace reeld {

/// What was last heard of some batches.
struct Heard {
    rapidjson::Document status;
    std::vector<rapidjson::Document> batches; ///< Documents without their shots, in the order of the names.

    /// How they end, when they do: all are final, only held shots are left, or only a person can help the
    /// account.
    [[nodiscard]] std::optional<ExitCode> end() const;
};

/// The numbers of a run, out of what was heard. `elapsed` is left to the caller.
[[nodiscard]] ProgressView progress_of(const Heard& heard);

/// How it ended, for people (lines) and for programs (as `reeld run --json`).
[[nodiscard]] std::string summary_text(const Heard& heard);
[[nodiscard]] std::string summary_json(const Heard& heard);

class Follow {
public:
    struct Options {
        bool quiet = false; ///< Only warnings and errors.
        std::optional<Duration> timeout;
        /// How long the daemon may be away. One that hangs is ended by its watchdog after a minute, and the
        /// next one may have a long journal to replay.
        Duration patience{};
    };

    /// Nothing that the daemon told before is shown. It may be away.
    Follow(DaemonClient& client, const Options& options);

    /// From now on these are followed. The first ask throws PlanError when one of them does not exist.
    void add(const std::string& batch) { names_.push_back(batch); }

    /// Returns when they have ended, when the timeout has passed, or when the client's loop was told to exit:
    /// the last two are ExitCode::interrupted. Throws DaemonAway when the daemon was away for too long.
    [[nodiscard]] ExitCode until_end();

    [[nodiscard]] const Heard& heard() const { return heard_; }

private:
    [[nodiscard]] bool ask();
    void show_told();
    void say_pauses();
    void draw();
    void say(const std::string& line);
    void endure();

    DaemonClient& client_;
    Options options_;
    bool redraw_;
    Terminal terminal_;
    std::vector<std::string> names_;
    std::set<std::string> said_paused_; ///< Of names_.
    Heard heard_;
    std::int64_t told_next_ = 0;
    Instant started_{};
    std::optional<Instant> away_since_;
};

} // namespace reeld
