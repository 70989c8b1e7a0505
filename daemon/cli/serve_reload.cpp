// What Serve does when SIGHUP comes.
#include "daemon/cli/serve_command.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>

namespace reeld {

namespace {

/// What a journal needs to be closed and opened again, and some.
constexpr std::uintmax_t kReloadRoomMin = std::uintmax_t{4} << 20;

} // namespace

void Serve::reload() {
    if (signals_ > 0) return; // It ends.
    const bool is_first = !next_plan_;
    try {
        SessionPlan next = replan_();
        if (const auto why = why_no_reload(next); !why.empty()) return refuse_reload(why);
        next_plan_ = std::move(next);
    } catch (const std::exception& error) {
        return refuse_reload(error.what());
    }
    log_.hide(next_plan_->key);
    // Of several, what was read last counts. Programs of ended batches take their time; meanwhile the night
    // goes on.
    if (is_first) commands_.when_idle([this] { begin_reload(); });
}

std::string Serve::why_no_reload(const SessionPlan& next) const {
    if (auto why = session_.app.why_stalled(); !why.empty()) return why;
    // What renders is in the journal that is held: it would be forgotten, and rendered and paid once more.
    if (next.state != plan_.state)
        return fmt::format("the state folder would be {} instead of {}: that changes at a restart only, when "
                           "nothing renders",
                           next.state.string(), plan_.state.string());
    std::error_code error;
    const auto room = std::filesystem::space(plan_.state, error).available;
    if (!error && room < kReloadRoomMin)
        return fmt::format("the disk of {} is full, and the journal might not be opened again",
                           plan_.state.string());
    return "";
}

void Serve::begin_reload() {
    if (signals_ > 0 || !next_plan_ || reloading_) return;
    reloading_ = true;
    log_.notice("reloading",
                "reloading the configuration: waiting for the answers to creates under way, then going on",
                {{"unanswered", std::to_string(session_.app.queue().ledger().unanswered())}});
    supervisor_.reloading();
    session_.app.stop([this] { end(); });
}

/// In the lines that it was written in: each of them names a place in the file.
void Serve::refuse_reload(std::string_view why) {
    while (!why.empty()) {
        const auto line = why.substr(0, why.find('\n'));
        if (!line.empty()) log_.error("reload_refused", line, {});
        why.remove_prefix(std::min(line.size() + 1, why.size()));
    }
    // One that was read before may be waiting for its turn.
    log_.error("reload_refused",
               next_plan_ ? "what was read before it comes into force" : "the configuration stays as it was",
               {});
}

} // namespace reeld
