/// A command's line to the daemon that holds a state folder: HTTP over its control socket.
///
/// Blocks: a command has nothing else to do. It turns a loop of its own meanwhile, so that signals and timers
/// of that loop go on. Threading: one thread, with no other loop.
/// Errors: that no daemon answers, or that it does not let this user in, is a std::runtime_error with what to
/// do (exit code 4). What the daemon refuses is an answer.
#pragma once

#include "daemon/control/socket_place.h"
#include "daemon/loop/loop.h"
#include "daemon/net/http.h"

#include <filesystem>
#include <optional>
#include <rapidjson/document.h>
#include <string>
#include <string_view>

namespace reeld {

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
    /// Throws std::runtime_error when nobody listens there.
    explicit DaemonClient(const std::filesystem::path& state);

    /// `target`: path and query, encoded. Throws std::runtime_error when no answer comes.
    [[nodiscard]] DaemonAnswer get(const std::string& target);
    [[nodiscard]] DaemonAnswer post(const std::string& target, const std::string& body = "");

    /// The same, or nothing when no answer comes: a daemon is being started anew, perhaps.
    [[nodiscard]] std::optional<DaemonAnswer> try_get(const std::string& target);

    /// A good answer's body; throws PlanError with the daemon's words when it refuses (exit code 2), and
    /// std::runtime_error when the fault is not the caller's (403, 503).
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
