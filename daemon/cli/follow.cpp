#include "daemon/cli/follow.h"

#include "daemon/cli/plan.h"
#include "daemon/cli/status_output.h"
#include "jobs/eachlabs/json_body.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace reeld {

namespace {

using eachlabs::string_member;

constexpr Duration kAskInterval = std::chrono::milliseconds{500};

/// The daemon's numbering starts anew with it; this is beyond every number, so that it tells the next one.
constexpr const char* kTellNext = "/v1/told?after=18446744073709551615";

} // namespace

Follow::Follow(DaemonClient& client, const Options& options)
    : client_(client), options_(options), redraw_(!options.quiet && Terminal::can_redraw()),
      started_(client.loop().now().at) {
    const auto answer = client_.try_get(kTellNext);
    if (!answer) return; // The next daemon's numbers begin anew.
    require_good(*answer);
    told_next_ = number_of(answer->body, "next");
}

void Follow::say(const std::string& line) {
    redraw_ ? terminal_.print_above(line) : write_stderr(line + "\n");
}

bool Follow::ask() {
    Heard heard;
    for (const auto& name : names_) {
        auto answer = client_.try_get(ShotName{.batch = name, .shot = ""}.target() + "?limit=0");
        if (!answer) return false;
        require_good(*answer);
        heard.batches.push_back(std::move(answer->body));
    }
    auto status = client_.try_get("/v1/status");
    if (!status || !status->good()) return false;
    heard.status = std::move(status->body);
    heard_ = std::move(heard);
    return true;
}

void Follow::show_told() {
    const auto answer = client_.try_get(fmt::format("/v1/told?after={}", told_next_));
    if (!answer || !answer->good()) return;
    const auto before = told_next_;
    told_next_ = number_of(answer->body, "next");
    const auto* lines = eachlabs::member(answer->body, "lines");
    if (lines == nullptr || !lines->IsArray()) return;
    const bool shows_news = !options_.quiet && !redraw_;
    for (const auto& line : lines->GetArray()) {
        const std::string batch(string_member(line, "batch"));
        // A line about no batch is about the account, and with that about all.
        if (!batch.empty() && std::ranges::count(names_, batch) == 0) continue;
        const auto weight = string_member(line, "weight");
        const bool bad = weight == "warning" || weight == "error";
        if (bad || (shows_news && weight == "news")) say(std::string(string_member(line, "text")));
    }
    // An answer has a limit: more may have been told.
    if (told_next_ > before && !lines->Empty()) show_told();
}

/// A pause may be from the day before, and nothing is told of it while it lasts.
void Follow::say_pauses() {
    const auto* account = eachlabs::member(heard_.status, "account");
    const bool all = account != nullptr && is_true(*account, "paused");
    for (std::size_t i = 0; i < heard_.batches.size(); ++i) {
        const auto& name = names_[i];
        const auto* counts = eachlabs::member(heard_.batches[i], "counts");
        const bool queued = counts != nullptr && number_of(*counts, "queued") > 0;
        const bool alone = is_true(heard_.batches[i], "paused");
        if (!queued || (!alone && !all)) {
            said_paused_.erase(name);
        } else if (said_paused_.insert(name).second) {
            say(fmt::format("reeld: {} waits: {} paused by a person, and 'reeld resume{}' goes on", name,
                            alone ? "it is" : "all creates are", alone ? " " + name : ""));
        }
    }
}

void Follow::draw() {
    if (!redraw_) return;
    auto view = progress_of(heard_);
    view.elapsed = client_.loop().now().at - started_;
    const auto size = Terminal::size();
    terminal_.draw(progress_lines(
        view, {.columns = size.columns, .rows = size.rows, .colour = Terminal::wants_colour()}));
}

void Follow::endure() {
    const Instant now = client_.loop().now().at;
    if (!away_since_) say("reeld: the daemon does not answer; waiting for it");
    // From when it was missed: the question itself may have waited for minutes.
    const Instant since = away_since_.value_or(now);
    away_since_ = since;
    if (now - since < options_.patience) return;
    throw DaemonAway(fmt::format(
        "the daemon on {} is gone; what was accepted goes on when it is started again", client_.socket()));
}

ExitCode Follow::until_end() {
    std::optional<ExitCode> code;
    while (!code) {
        if (ask()) {
            away_since_.reset();
            show_told();
            say_pauses();
            draw();
            code = heard_.end();
        } else {
            endure();
        }
        const bool late = options_.timeout && client_.loop().now().at - started_ >= *options_.timeout;
        if (!code && (late || !client_.wait(kAskInterval))) code = ExitCode::interrupted;
    }
    if (!away_since_) show_told();
    if (redraw_) terminal_.clear();
    return *code;
}

} // namespace reeld
