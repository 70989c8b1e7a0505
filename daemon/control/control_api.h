/// The control API: `/v1/…`, JSON in and out. One router for the unix socket and for the page's port.
///
/// What it asks and does is listed in the README. A question is answered at once out of the ledger and the
/// journal (a report in steps); a deed is answered when its facts are durable. While the journal stalls,
/// deeds are not answered: the server's own deadline does it, with 503, and they may still be done later.
///
/// Not here: who is at the other end. Whoever owns a door decides its Access.
/// Threading: the loop's. Ownership: borrows App and Intake, which must outlive it.
#pragma once

#include "daemon/control/batch_report.h"
#include "daemon/control/change_feed.h"
#include "daemon/control/control_route.h"
#include "daemon/control/history.h"
#include "daemon/control/lookup.h"
#include "daemon/control/operator.h"
#include "daemon/control/status_document.h"
#include "daemon/control/submissions.h"
#include "daemon/control/told_lines.h"
#include "daemon/http/server.h"

#include <optional>
#include <string>

namespace reeld {

/// What whoever sends a request may do.
enum class Access : std::uint8_t {
    act,  ///< Everything.
    read, ///< Ask; deeds are refused with 403.
};

class ControlApi {
public:
    struct Parts {
        App& app;
        Intake& intake;
    };

    ControlApi(Parts parts, AboutDaemon about);
    ControlApi(const ControlApi&) = delete;
    ControlApi& operator=(const ControlApi&) = delete;

    /// Answers any request; one that is none of the API's with 404.
    void answer(const http::Request& request, const http::Respond& respond, Access access);

    /// Whether a path belongs to the API, for a door that serves other things beside it.
    [[nodiscard]] static bool is_ours(std::string_view path) { return path.starts_with("/v1/"); }

    /// An event was applied, or replayed at the start.
    void happened(const Event& event);

    /// A sentence was told of an event that is durable.
    void told(const Told& told) { told_.add(told); }

    /// At most so many shots in one page of a batch, at some fifty microseconds each.
    static constexpr std::uint32_t page_shots_max = 500;

private:
    /// What a path is about.
    struct Subject {
        BatchKey batch = kAllBatches;
        std::optional<ShotRef> shot;
    };
    [[nodiscard]] std::variant<Subject, Refused> subject_of(const ControlRoute& route) const;
    void dispatch(const http::Request& request, const http::Respond& respond, const ControlRoute& route);
    void ask(const http::Request& request, const http::Respond& respond, ControlCall call,
             const Subject& subject);
    void act(const http::Request& request, const http::Respond& respond, ControlCall call,
             const Subject& subject);
    void submit(const http::Request& request, const http::Respond& respond);
    void resolve(const http::Request& request, const http::Respond& respond, ShotRef shot);
    void prioritise(const http::Request& request, const http::Respond& respond, BatchKey batch);
    void report(const http::Request& request, const http::Respond& respond, BatchKey batch);
    void report_on(const std::shared_ptr<BatchReport>& report, ReportForm form, const http::Respond& respond);
    void stream(const http::Respond& respond);
    [[nodiscard]] Operator::Done answers(const http::Respond& respond, const Subject& subject);
    [[nodiscard]] http::Reply page_of(const http::Request& request, BatchKey batch);
    [[nodiscard]] std::string names(const http::Request& request) const;
    [[nodiscard]] std::string history_document();
    [[nodiscard]] std::string shot_page(ShotRef shot);
    [[nodiscard]] std::string why_page(ShotRef shot);
    [[nodiscard]] std::string changed_shots(BatchKey batch, const std::set<std::uint32_t>& shots);
    [[nodiscard]] std::string reload_of(BatchKey batch) const;

    Parts parts_;
    AboutDaemon about_;
    Operator operator_;
    Submissions submissions_;
    BatchNotes notes_;
    History history_;
    ToldLines told_;
    ChangeFeed feed_;
};

} // namespace reeld
