#include "daemon/progress/run_display.h"

#include "daemon/app/narration.h"
#include "daemon/progress/progress_view.h"

namespace reeld {

namespace {

/// How often the display is redrawn: smooth to the eye, nothing to the processor.
constexpr Duration kRedrawInterval = std::chrono::milliseconds{200};

/// What happens to every shot of a night that goes well, and is never a warning.
bool is_good_news(const Fact& fact) {
    return std::holds_alternative<event::CreateAccepted>(fact) ||
           std::holds_alternative<event::PredictionSucceeded>(fact);
}

} // namespace

RunDisplay::RunDisplay(App& app, bool quiet)
    : app_(app), quiet_(quiet), redraw_(!quiet && Terminal::can_redraw()),
      tick_(app.loop(), [this] { redraw(); }) {}

void RunDisplay::open() {
    started_ = app_.loop().now().at;
    if (redraw_) tick_.arm_after(kRedrawInterval);
}

void RunDisplay::follow(BatchKey batch) {
    batches_.push_back(batch);
    tell_waiting();
}

void RunDisplay::happened(const Event& event) {
    tell_waiting();
    // To tell of an event costs a query or two: not for thousands of them that would not be shown.
    const bool shows_news = !quiet_ && !redraw_;
    if (!shows_news && is_good_news(event.fact)) return;
    // In words now: a moment later the ledger may know more than this event does.
    const auto told = tell(event, app_.journal(), app_.queue().ledger(), Voice::run);
    if (!told || told->weight == Weight::detail) return;
    const bool bad = told->weight == Weight::warning || told->weight == Weight::error;
    if (!bad && !shows_news) return;
    app_.after_commit([this, sentence = told->sentence] { say(sentence); });
}

void RunDisplay::tell_waiting() {
    const auto waiting = why_waiting(app_.queue().ledger(), batches_, app_.loop().now().at);
    // Suspensions are events; a window passes soon, and the redrawn display shows it.
    const bool news = waiting.reason == WaitReason::kept && waiting_ != WaitReason::kept;
    waiting_ = waiting.reason;
    if (news && !redraw_) app_.after_commit([this, text = waiting.text] { say("reeld: " + text); });
}

void RunDisplay::say(const std::string& line) {
    redraw_ ? terminal_.print_above(line) : write_stderr(line + "\n");
}

void RunDisplay::close() {
    if (redraw_) terminal_.clear();
    redraw_ = false;
    tick_.disarm();
}

void RunDisplay::redraw() {
    tick_.arm_after(kRedrawInterval);
    if (batches_.empty()) return;
    const auto size = Terminal::size();
    const Instant now = app_.loop().now().at;
    auto view = progress_view(app_.queue().ledger(), app_.journal(), batches_, size.rows, now);
    view.elapsed = now - started_;
    terminal_.draw(progress_lines(
        view, {.columns = size.columns, .rows = size.rows, .colour = Terminal::wants_colour()}));
}

} // namespace reeld
