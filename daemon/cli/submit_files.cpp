#include "daemon/cli/submit_files.h"

#include "daemon/app/default_name.h"
#include "daemon/cli/check_file.h"
#include "daemon/cli/plan.h"
#include "daemon/cli/status_output.h"
#include "daemon/progress/terminal.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/text/rfc3339.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace reeld {

namespace {

std::string whole_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    if (!file || !bytes)
        throw PlanError(fmt::format("reeld: error: cannot read {}: {}", path, std::strerror(errno)));
    return std::move(bytes).str();
}

void show_warnings(const rapidjson::Value& body) {
    const auto* warnings = eachlabs::member(body, "warnings");
    if (warnings == nullptr || !warnings->IsArray()) return;
    for (const auto& warning : warnings->GetArray())
        write_stderr(std::string(eachlabs::string_of(warning)) + "\n");
}

} // namespace

bool check_all(const std::vector<std::string>& files, const ReadLimits& limits) {
    bool good = true;
    for (const auto& file : files) {
        const auto checked = check_file(file, limits);
        good = good && checked.header.good();
        for (const auto& fault : checked.header.faults) {
            // Warnings come again with the daemon's answer.
            if (fault.severity == Severity::error || !checked.header.good())
                write_stderr(render_fault(file, fault) + "\n");
        }
    }
    return good;
}

std::string accepted_line(const Submitted& it) {
    return fmt::format("{}: accepted as {}, {} shot{}\n", it.file, it.batch, it.shots,
                       it.shots == 1 ? "" : "s");
}

Submitted submit_file(DaemonClient& client, const std::string& file, const SubmitWishes& wishes) {
    std::string target =
        fmt::format("/v1/batches?name={}&file={}", url_encoded(default_name_of(file)), url_encoded(file));
    if (wishes.again) target += "&again=1";
    if (!wishes.after.empty()) target += "&after=" + url_encoded(wishes.after);
    if (wishes.now) target += "&now=1";
    if (wishes.priority) target += fmt::format("&priority={}", *wishes.priority);
    const auto answer = client.post(target, whole_file(file));
    Submitted submitted{.file = file, .batch = std::string(eachlabs::string_member(answer.body, "batch"))};
    if (answer.status == 409 && !submitted.batch.empty()) {
        submitted.duplicate = true;
        submitted.finished = is_true(answer.body, "finished");
        submitted.accepted_at =
            read_rfc3339(eachlabs::string_member(answer.body, "accepted_at")).value_or(WallTime{});
        submitted.hours_lifted = is_true(answer.body, "hours_lifted");
        return submitted;
    }
    if (answer.status == 422)
        throw PlanError(fmt::format("{}reeld: error: {}", eachlabs::string_member(answer.body, "text"),
                                    answer.message()));
    require_good(answer);
    show_warnings(answer.body);
    submitted.shots = number_of(answer.body, "shots");
    return submitted;
}

} // namespace reeld
