/// `reeld serve`: the daemon. Watch folder, control socket, journal, limits, until SIGTERM.
///
/// One file at a time is read, then accepted or refused; the queue works meanwhile. Everything that matters
/// is one line of the log. Operators come in through the control socket, STATE/reeld.sock; browsers and
/// Prometheus at `http.listen`. SIGTERM sends nothing new, waits (bounded) for the answers to creates under
/// way and for the programs that batches' ends have started, and ends with 0; a second one ends at once.
/// Either way nothing is lost: what was not answered is held at the next start. SIGHUP does the same as one
/// SIGTERM, to go on under a configuration read anew (reload.h); at a terminal, which sends it when its
/// window is closed, it ends the daemon.
///
/// Threading: one loop, its own.
#pragma once

#include "daemon/app/default_name.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/reload.h"
#include "daemon/cli/session.h"
#include "daemon/control/clip_hosts.h"
#include "daemon/control/control_server.h"
#include "daemon/control/page_server.h"
#include "daemon/inbox/inbox.h"
#include "daemon/log.h"
#include "daemon/metrics/metrics.h"
#include "daemon/metrics/probes.h"
#include "daemon/notify/batch_end_commands.h"
#include "daemon/supervisor/supervisor.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace reeld {

class Serve {
public:
    /// `replan` is called when SIGHUP comes. Throws JournalError.
    Serve(const SessionPlan& plan, Log::Options log, Replan replan);
    Serve(const Serve&) = delete;
    Serve& operator=(const Serve&) = delete;

    /// Replays the journal, opens every door, and says that it is ready. `complaint`: why the configuration
    /// that was asked for is not the one in force; empty: it is. Throws JournalError, and std::system_error
    /// when the watch folder cannot be made.
    void start(const std::string& complaint);

    /// After start(). Returns the exit code.
    int run();

    /// What to go on with after run(); nothing: the program ends.
    [[nodiscard]] std::optional<SessionPlan> take_next_plan() { return std::move(next_plan_); }

    /// The reply to `/metrics`, `/healthz` or `/readyz`; nothing for other paths. See answer_probe().
    [[nodiscard]] std::optional<http::Reply> probe(std::string_view method, std::string_view path);

private:
    void happened(const Event& event);
    void rest_if_idle();
    void offered(const Inbox::Offer& offer);
    void was_read(const Inbox::Offer& offer, const Reading& reading);
    void refuse(const Inbox::Offer& offer, const Reading& reading);
    void accept(const Inbox::Offer& offer, const ReadHeader& header);
    void put_back(const Inbox::Offer& offer, const std::string& why);
    void watch();
    void open_door();
    void say_what_is_served();
    void stop();
    void reload();
    [[nodiscard]] std::string why_no_reload(const SessionPlan& next) const;
    void begin_reload();
    void refuse_reload(std::string_view why);
    /// Nothing new is begun: it stops, or reloads.
    [[nodiscard]] bool is_ending() const { return signals_ > 0 || reloading_; }
    void end();
    void end_now();
    void warn_of_command();
    void listen_for_browsers();
    [[nodiscard]] std::variant<PageServer::Invitation, Refused> invite();
    /// Ends without another commit.
    void give_up();

    SessionPlan plan_;
    Log log_;
    Replan replan_;
    std::optional<SessionPlan> next_plan_; ///< To be gone on with, as soon as may be.
    bool reloading_ = false;               ///< Nothing new is begun before it.
    Session session_;
    ControlApi control_;
    Metrics metrics_;
    bool replayed_ = false;
    Supervisor supervisor_;
    BatchEndCommands commands_;
    ClipHosts clip_hosts_;
    std::unique_ptr<PageServer> page_; ///< None without `http.listen`, and when its address cannot be had.
    std::unique_ptr<ControlServer> door_;
    std::unique_ptr<Inbox> inbox_; ///< None without a watch folder.
    Intake::Ticket ticket_ = 0;
    int signals_ = 0;
    ExitCode code_ = ExitCode::succeeded;
    LoopTimer stop_timeout_;
    Loop::Watch on_interrupt_;
    Loop::Watch on_terminate_;
    Loop::Watch on_hangup_;
};

} // namespace reeld
