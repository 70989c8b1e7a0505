#include "daemon/control/control_api.h"

#include "daemon/control/control_reply.h"

#include <exception>
#include <utility>

namespace reeld {

ControlApi::ControlApi(Parts parts, AboutDaemon about)
    : parts_(parts), about_(std::move(about)), operator_(parts.app), submissions_(parts.app, parts.intake),
      feed_(parts.app,
            {.status = [this] { return status_document(Snapshot(parts_.app), about_, notes_); },
             .shots = [this](BatchKey batch,
                             const std::set<std::uint32_t>& shots) { return changed_shots(batch, shots); },
             .reload =
                 [this](BatchKey batch) {
                     return reload_of(batch);
                 }}) {}

void ControlApi::happened(const Event& event) {
    notes_.note(event);
    history_.note(parts_.app.queue().ledger(), event);
    feed_.note(event);
}

void ControlApi::answer(const http::Request& request, const http::Respond& respond, Access access) {
    const auto route = control_route(request.method, request.path);
    if (route.call == ControlCall::none) {
        return respond(refusal_reply({.status = 404,
                                      .message = "there is nothing at this path",
                                      .remedy = "the README lists the paths of the control API"}));
    }
    if (route.call == ControlCall::wrong_method) {
        return respond(refusal_reply(
            {.status = 405, .message = "this path has another method", .remedy = "GET asks, POST acts"}));
    }
    if (access == Access::read && !only_reads(route.call)) {
        return respond(
            refusal_reply({.status = 403,
                           .message = "reading is allowed here, acting is not",
                           .remedy = "use the command line, or open the page by 'reeld dashboard'"}));
    }
    try {
        dispatch(request, respond, route);
    } catch (const std::exception& error) { // The journal cannot be read: App ends the program by itself.
        respond(refusal_reply({.status = 503, .message = error.what(), .remedy = ""}));
    }
}

std::variant<ControlApi::Subject, Refused> ControlApi::subject_of(const ControlRoute& route) const {
    if (route.batch.empty()) return Subject{};
    const auto& ledger = parts_.app.queue().ledger();
    const auto batch = find_batch(ledger, route.batch);
    if (const auto* refused = std::get_if<Refused>(&batch)) return *refused;
    Subject subject{.batch = std::get<BatchKey>(batch), .shot = std::nullopt};
    if (route.shot.empty()) return subject;
    const auto shot = find_shot(ledger, parts_.app.journal(), subject.batch, route.shot);
    if (const auto* refused = std::get_if<Refused>(&shot)) return *refused;
    subject.shot = std::get<ShotRef>(shot);
    return subject;
}

void ControlApi::dispatch(const http::Request& request, const http::Respond& respond,
                          const ControlRoute& route) {
    const auto subject = subject_of(route);
    if (const auto* refused = std::get_if<Refused>(&subject)) return respond(refusal_reply(*refused));
    const auto& known = std::get<Subject>(subject);
    only_reads(route.call) ? ask(request, respond, route.call, known)
                           : act(request, respond, route.call, known);
}

} // namespace reeld
