#include "daemon/control/fault_output.h"

namespace reeld {

void add_faults(Json& json, const std::vector<Fault>& faults) {
    json.Key("faults");
    json.StartArray();
    for (const auto& fault : faults) {
        json.StartObject();
        add_member(json, "severity", fault.severity == Severity::error ? "error" : "warning");
        if (fault.place.line > 0) {
            add_member(json, "line", fault.place.line);
            add_member(json, "column", fault.place.column);
        }
        add_member(json, "message", fault.message);
        json.EndObject();
    }
    json.EndArray();
}

} // namespace reeld
