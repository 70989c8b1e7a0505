#include "daemon/control/why_document.h"

#include "daemon/progress/why_text.h"

namespace reeld {

namespace {

std::string_view why_key(Why::Kind kind) {
    switch (kind) {
    case Why::Kind::token: return "token";
    case Why::Kind::slot: return "slot";
    case Why::Kind::answer: return "answer";
    case Why::Kind::earlier_batch: return "earlier_batch";
    case Why::Kind::earlier_shot: return "earlier_shot";
    case Why::Kind::suspended: return "suspended";
    case Why::Kind::backoff: return "backoff";
    case Why::Kind::settling: return "settling";
    case Why::Kind::held: return "held";
    case Why::Kind::paused: return "paused";
    case Why::Kind::hours: return "hours";
    case Why::Kind::batch_paused: return "batch_paused";
    case Why::Kind::not_wanted: return "not_wanted";
    case Why::Kind::rendering: return "rendering";
    case Why::Kind::given_up: return "given_up";
    case Why::Kind::creating: return "creating";
    case Why::Kind::nothing: break;
    }
    return "final";
}

std::string_view ended_words(ShotState state) {
    if (state == ShotState::succeeded) return "has succeeded";
    return state == ShotState::failed ? "has failed" : "was cancelled";
}

} // namespace

void add_why_member(Json& json, const Snapshot& at, ShotRef shot) {
    const Why why = why_waits(at.queue, shot, at.now.at);
    auto text = why_text(why, at.ledger, at.now.at);
    if (text.empty()) text = ended_words(at.ledger.shot(shot).state);
    json.Key("why");
    json.StartObject();
    add_member(json, "kind", why_key(why.kind));
    add_member(json, "text", text);
    if (why.until && *why.until != Instant::max()) add_member(json, "until", at.wall_at(*why.until));
    if (why.batch) add_member(json, "batch", at.ledger.batch(*why.batch).name);
    json.EndObject();
}

} // namespace reeld
