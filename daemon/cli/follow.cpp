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

/// How long a daemon may be gone: it is started anew after an update, or by systemd after a crash.
constexpr Duration kGoneMax = std::chrono::seconds{60};

/// The daemon's numbering starts anew with it; this is beyond every number, so that it tells the next one.
constexpr const char* kTellNext = "/v1/told?after=18446744073709551615";

} // namespace

Follow::Follow(DaemonClient& client, const Options& options)
    : client_(client), options_(options), redraw_(!options.quiet && Terminal::can_redraw()),
      started_(client.loop().now().at), answered_at_(started_) {
    told_next_ = number_of(client_.asked(kTellNext), "next");
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
    answered_at_ = client_.loop().now().at;
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

void Follow::draw() {
    if (!redraw_) return;
    auto view = progress_of(heard_);
    view.elapsed = client_.loop().now().at - started_;
    const auto size = Terminal::size();
    terminal_.draw(progress_lines(
        view, {.columns = size.columns, .rows = size.rows, .colour = Terminal::wants_colour()}));
}

ExitCode Follow::until_end() {
    std::optional<ExitCode> code;
    bool gone = false;
    while (!code) {
        if (ask()) {
            gone = false;
            show_told();
            draw();
            code = heard_.end();
        } else {
            const Duration silence = client_.loop().now().at - answered_at_;
            if (silence > kGoneMax)
                throw std::runtime_error(fmt::format(
                    "the daemon on {} is gone; what was accepted goes on when it is started again",
                    client_.socket()));
            if (!std::exchange(gone, true)) say("reeld: the daemon does not answer; waiting for it");
        }
        const bool late = options_.timeout && client_.loop().now().at - started_ >= *options_.timeout;
        if (!code && (late || !client_.wait(kAskInterval))) code = ExitCode::interrupted;
    }
    if (!gone) show_told();
    if (redraw_) terminal_.clear();
    return *code;
}

} // namespace reeld
