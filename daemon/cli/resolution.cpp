#include "daemon/cli/resolution.h"

#include "daemon/cli/plan.h"
#include "jobs/eachlabs/prediction_id.h"
#include "jobs/text/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace reeld {

namespace {

constexpr std::string_view kCreated = "created:";
constexpr std::string_view kNotCreated = "not-created";

/// What "created:ID", "not-created" or "not-created:2" says; nothing when it is none of them.
std::optional<Finding> read_finding(std::string_view words) {
    if (words.starts_with(kCreated)) {
        const auto id = words.substr(kCreated.size());
        if (!eachlabs::is_prediction_id(id)) return std::nullopt;
        return Finding{.prediction = std::string(id)};
    }
    if (!words.starts_with(kNotCreated)) return std::nullopt;
    words.remove_prefix(kNotCreated.size());
    if (words.empty()) return Finding{};
    // Or as the daemon's command has it.
    const bool is_numbered = words.front() == ':' || words.front() == '=';
    const auto nth = is_numbered ? to_number<int>(words.substr(1)) : std::nullopt;
    return nth && *nth > 0 ? std::optional(Finding{.prediction = std::nullopt, .nth = *nth}) : std::nullopt;
}

Resolution read_resolution(const std::string& word) {
    const auto equals = word.find('=');
    const std::string_view end =
        equals == std::string::npos ? std::string_view{} : std::string_view(word).substr(equals + 1);
    const auto finding = read_finding(end);
    if (equals == 0 || !finding) {
        throw PlanError(
            fmt::format("reeld: error: --resolve {}: write SHOT=created:ID with the id of the "
                        "prediction that you found at "
                        "the provider, or SHOT=not-created when there is none (SHOT=not-created:2 "
                        "the second time that the shot is held); nothing was sent",
                        word));
    }
    return {.shot = word.substr(0, equals), .finding = *finding};
}

/// The shots of the batches that a person can settle, by both their names.
std::multimap<std::string, ShotRef> shots_in_question(App& app, std::span<const BatchKey> batches) {
    const auto& ledger = app.queue().ledger();
    std::multimap<std::string, ShotRef> shots;
    for (const auto& [ref, slot_back] : ledger.lost()) {
        if (std::find(batches.begin(), batches.end(), ref.batch) == batches.end()) continue;
        const auto id = app.journal().shot(ref).shot.id;
        shots.emplace(id, ref);
        shots.emplace(fmt::format("{}/{}", ledger.batch(ref.batch).name, id), ref);
    }
    return shots;
}

template <class... Values>
PlannedResolutions refuse_plan(fmt::format_string<const Values&...> words, const Values&... values) {
    return {.findings = {}, .why_not = fmt::format(words, values...)};
}

/// Whether "sunrise" may have meant, or may mean one day, the shot of another batch than `ref`'s.
bool is_equivocal(const Journal& journal, ShotRef ref, const std::string& name) {
    if (name.find('/') != std::string::npos) return false;
    const auto batches = journal.batches();
    return std::any_of(batches.begin(), batches.end(), [&](const BatchRow& batch) {
        return batch.key != ref.batch && journal.find_shot(batch.key, name).has_value();
    });
}

} // namespace

std::vector<Resolution> read_resolutions(const std::vector<std::string>& words) {
    std::vector<Resolution> resolutions;
    resolutions.reserve(words.size());
    for (const auto& word : words) resolutions.push_back(read_resolution(word));
    return resolutions;
}

std::vector<std::string> without_resolutions(const std::vector<std::string>& words) {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--resolve") {
            ++i; // With its value.
        } else if (!words[i].starts_with("--resolve=") && words[i] != "--again") {
            kept.push_back(words[i]);
        }
    }
    return kept;
}

std::set<ShotRef> held_shots(const Ledger& ledger) {
    std::set<ShotRef> held;
    for (const auto& [ref, slot_back] : ledger.lost()) {
        if (ledger.shot(ref).state == ShotState::held) held.insert(ref);
    }
    return held;
}

PlannedResolutions plan_resolutions(App& app, std::span<const BatchKey> batches,
                                    const std::set<ShotRef>& held,
                                    const std::vector<Resolution>& resolutions) {
    PlannedResolutions plan;
    const auto& ledger = app.queue().ledger();
    const auto shots = shots_in_question(app, batches);
    std::set<std::string> named; // Predictions.
    for (const auto& resolution : resolutions) {
        const auto count = shots.count(resolution.shot);
        if (count == 0)
            return refuse_plan("--resolve {}: no shot of that name is held or in doubt", resolution.shot);
        if (count > 1)
            return refuse_plan("--resolve {}: several batches have such a shot; write BATCH/SHOT",
                               resolution.shot);
        const ShotRef ref = shots.find(resolution.shot)->second;
        const auto& prediction = resolution.finding.prediction;
        if (prediction && !named.insert(*prediction).second)
            return refuse_plan("--resolve {}: prediction {} is another shot's already", resolution.shot,
                               *prediction);
        if (!prediction && !held.contains(ref))
            return refuse_plan(
                "--resolve {0}: {0} is in doubt, or was when this command began: a create may have "
                "been sent since you looked. Look at the provider once more, and when it is held, "
                "say it again",
                resolution.shot);
        if (!prediction && is_equivocal(app.journal(), ref, resolution.shot))
            return refuse_plan("--resolve {0}: several batches have such a shot; write {1}/{0}",
                               resolution.shot, ledger.batch(ref.batch).name);
        const auto resolved = resolve_doubt(ledger, app.journal(), ref, resolution.finding);
        if (!resolved.fact) return refuse_plan("--resolve {0}: {0} {1}", resolution.shot, resolved.why_not);
        if (!plan.findings.emplace(ref, resolution.finding).second)
            return refuse_plan("--resolve {}: it is named twice", resolution.shot);
    }
    return plan;
}

} // namespace reeld
