/// A command's line to the daemon that holds a state folder: HTTP over its control socket.
///
/// Blocks: a command has nothing else to do. It turns a loop of its own meanwhile, so that signals and timers
/// of that loop go on. Threading: one thread, with no other loop.
/// Errors: that no daemon answers is a DaemonAway, that it does not let this user in a std::runtime_error,
/// both with what to do (exit code 4). What the daemon refuses is an answer.
#pragma once

#include "daemon/control/socket_place.h"
#include "daemon/loop/loop.h"
#include "daemon/net/http.h"

#include <filesystem>
#include <optional>
#include <rapidjson/document.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace reeld {

/// Nobody answers, or asks to come again (5xx): a moment later the same may go well.
struct DaemonAway : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct DaemonAnswer {
    int status = 0;
    std::string text;         ///< The body as it came.
    rapidjson::Document body; ///< The same, read; null when it is no JSON.

    [[nodiscard]] bool good() const { return status >= 200 && status < 300; }
    /// Of a refusal: "no batch harbor-tesser; did you mean harbor-teaser?"
    [[nodiscard]] std::string message() const;
    [[nodiscard]] std::string remedy() const;
};

/// Whether somebody listens on the folder's control socket.
[[nodiscard]] bool daemon_holds(const std::filesystem::path& state);

class DaemonClient {
public:
    enum class WhenAway {
        fail, ///< Throws DaemonAway when nobody listens there.
        wait, ///< It may come: whoever asks learns of it then.
    };
    /// Throws std::runtime_error when this user may not talk to whoever listens there.
    explicit DaemonClient(const std::filesystem::path& state, WhenAway when_away = WhenAway::fail);

    /// `target`: path and query, encoded. Throws DaemonAway when no answer comes.
    [[nodiscard]] DaemonAnswer get(const std::string& target);
    [[nodiscard]] DaemonAnswer post(const std::string& target, const std::string& body = "");

    /// The same, or nothing when no answer comes, or one of 5xx: a daemon is being started anew, perhaps.
    [[nodiscard]] std::optional<DaemonAnswer> try_get(const std::string& target);

    /// A good answer's body; throws PlanError with the daemon's words when it refuses (exit code 2), and
    /// std::runtime_error or DaemonAway when the fault is not the caller's (403, 5xx).
    [[nodiscard]] rapidjson::Document asked(const std::string& target);
    [[nodiscard]] rapidjson::Document done(const std::string& target, const std::string& body = "");

    /// Turns the loop for so long, or until it is told to end. Returns whether it may go on.
    [[nodiscard]] bool wait(Duration wait);

    [[nodiscard]] Loop& loop() { return loop_; }
    [[nodiscard]] const std::string& socket() const { return place_.path(); }

private:
    [[nodiscard]] HttpAnswer call(HttpRequest request);
    [[nodiscard]] DaemonAnswer answered(const HttpRequest& request);

    SocketPlace place_;
    Loop loop_;
    Http http_;
};

/// A name within a path or a query of a URL.
[[nodiscard]] std::string url_encoded(std::string_view text);

/// "harbor/sunrise", or a batch alone.
struct ShotName {
    std::string batch;
    std::string shot; ///< Empty: the batch.

    /// "/v1/batches/harbor/shots/sunrise"
    [[nodiscard]] std::string target() const;
};
[[nodiscard]] ShotName read_shot_name(const std::string& word);

/// Throws as DaemonClient::done() does, unless the answer is a good one.
void require_good(const DaemonAnswer& answer);

} // namespace reeld
