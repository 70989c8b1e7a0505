#include "daemon/cli/daemon_client.h"

#include "daemon/cli/plan.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/text/ascii.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <stdexcept>

namespace reeld {

namespace {

/// Longer than the daemon's own deadline for an answer, so that its word comes first.
constexpr Duration kPatience = std::chrono::minutes{6};

/// When a person is told that a deed takes long.
constexpr Duration kImpatientAfter = std::chrono::seconds{5};

/// A report of 100,000 shots has some hundred megabytes.
constexpr std::size_t kAnswerBytesMax = std::size_t{512} << 20;

[[noreturn]] void fail_unreachable(const std::string& socket, int error) {
    if (error == EACCES || error == EPERM) {
        throw std::runtime_error(fmt::format("this user may not talk to the daemon on {}: become the user "
                                             "that it runs as, or a member of the socket's group",
                                             socket));
    }
    throw DaemonAway(fmt::format(
        "no daemon answers on {} ({}): start one with 'reeld serve', or name its state folder "
        "with --state (a rehearsal's with --sandbox); a 'reeld run' that works alone answers nobody",
        socket, std::strerror(error)));
}

std::string with_remedy(const DaemonAnswer& answer) {
    const auto remedy = answer.remedy();
    return remedy.empty() ? answer.message() : fmt::format("{}; {}", answer.message(), remedy);
}

std::string error_member(const rapidjson::Document& body, const char* name) {
    const auto* error = eachlabs::member(body, "error");
    return error == nullptr ? std::string{} : std::string(eachlabs::string_member(*error, name));
}

} // namespace

std::string DaemonAnswer::message() const {
    const auto words = error_member(body, "message");
    return words.empty() ? fmt::format("the daemon answered with HTTP {}", status) : words;
}

std::string DaemonAnswer::remedy() const {
    return error_member(body, "remedy");
}

bool daemon_holds(const std::filesystem::path& state) {
    return SocketPlace(state).why_unreachable() == 0;
}

DaemonClient::DaemonClient(const std::filesystem::path& state, WhenAway when_away)
    : place_(state), http_(loop_, {}) {
    const int error = place_.why_unreachable();
    const bool may_come = error == ENOENT || error == ECONNREFUSED;
    if (error == 0 || (may_come && when_away == WhenAway::wait)) return;
    fail_unreachable(place_.path(), error);
}

HttpAnswer DaemonClient::call(HttpRequest request) {
    // No deed is to be done twice, and asking on a fresh connection costs a moment only.
    request.kind = HttpRequest::Kind::once;
    request.url = "http://localhost" + request.url;
    request.unix_socket = place_.short_path();
    request.answer_bytes_max = kAnswerBytesMax;
    request.total_timeout = kPatience;
    // Nothing is answered before it is on the disk.
    LoopTimer impatience(loop_, [] {
        write_stderr("reeld: the daemon has not answered yet: 'reeld status' or its log may say why. Ctrl-C "
                     "waits no longer; what was asked for may be done all the same\n");
    });
    if (request.method == "POST") impatience.arm_after(kImpatientAfter);
    std::optional<HttpAnswer> result;
    const auto ticket =
        http_.start(std::move(request), [&](HttpAnswer&& answer) { result = std::move(answer); });
    while (!result) {
        if (loop_.turn(std::chrono::seconds{1})) continue;
        http_.drop(ticket); // Somebody has asked for the end.
        return {.outcome = HttpAnswer::Outcome::lost, .cause = "interrupted"};
    }
    return *std::move(result);
}

DaemonAnswer DaemonClient::answered(const HttpRequest& request) {
    // Asked first, since libcurl's words for it say less.
    if (const int error = place_.why_unreachable(); error != 0) fail_unreachable(place_.path(), error);
    const auto http = call(request);
    if (http.outcome != HttpAnswer::Outcome::answered)
        throw DaemonAway(fmt::format("the daemon on {} gave no answer: {}", place_.path(), http.cause));
    DaemonAnswer answer{.status = http.status, .text = http.body, .body = {}};
    if (auto body = eachlabs::parse_body(answer.text)) answer.body = *std::move(body);
    return answer;
}

DaemonAnswer DaemonClient::get(const std::string& target) {
    return answered({.method = "GET", .url = target});
}

DaemonAnswer DaemonClient::post(const std::string& target, const std::string& body) {
    return answered({.method = "POST",
                     .url = target,
                     .headers = {"Content-Type: application/octet-stream"},
                     .body = body});
}

std::optional<DaemonAnswer> DaemonClient::try_get(const std::string& target) {
    try {
        auto answer = get(target);
        if (answer.status >= 500) return std::nullopt;
        return answer;
    } catch (const DaemonAway&) {
        return std::nullopt;
    }
}

rapidjson::Document DaemonClient::asked(const std::string& target) {
    auto answer = get(target);
    require_good(answer);
    return std::move(answer.body);
}

rapidjson::Document DaemonClient::done(const std::string& target, const std::string& body) {
    auto answer = post(target, body);
    require_good(answer);
    return std::move(answer.body);
}

bool DaemonClient::wait(Duration wait) {
    bool over = false;
    LoopTimer timer(loop_, [&] { over = true; });
    timer.arm_after(wait);
    while (!over) {
        if (!loop_.turn(wait)) return false;
    }
    return true;
}

std::string url_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain = is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
        encoded += plain ? std::string(1, c)
                         : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return encoded;
}

std::string ShotName::target() const {
    const auto batch_target = "/v1/batches/" + url_encoded(batch);
    return shot.empty() ? batch_target : batch_target + "/shots/" + url_encoded(shot);
}

ShotName read_shot_name(const std::string& word) {
    const auto slash = word.find('/');
    ShotName name{.batch = word.substr(0, slash),
                  .shot = slash == std::string::npos ? "" : word.substr(slash + 1)};
    const bool half = slash != std::string::npos && name.shot.empty();
    if (name.batch.empty() || half)
        throw PlanError(fmt::format("reeld: error: \"{}\" names no batch and no shot: write BATCH or "
                                    "BATCH/SHOT, such as harbor-teaser/sunrise",
                                    word));
    return name;
}

void require_good(const DaemonAnswer& answer) {
    if (answer.good()) return;
    const bool callers_fault = answer.status < 500 && answer.status != 403;
    if (callers_fault) throw PlanError("reeld: error: " + with_remedy(answer));
    if (answer.status >= 500) throw DaemonAway(with_remedy(answer));
    throw std::runtime_error(with_remedy(answer));
}

} // namespace reeld
