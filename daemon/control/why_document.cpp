#include "daemon/control/why_document.h"

#include "daemon/progress/waiting.h"

#include <array>

namespace reeld {

void add_why_member(Json& json, const Snapshot& at, ShotRef shot) {
    json.Key("why");
    json.StartObject();
    add_member(json, "kind", state_key(at.ledger.shot(shot).state));
    const std::array<BatchKey, 1> batch = {shot.batch};
    add_member(json, "text", why_waiting(at.ledger, batch, at.now.at).text);
    json.EndObject();
}

} // namespace reeld
