#include "daemon/cli/report_output.h"

#include "daemon/cli/json_output.h"
#include "jobs/text/rfc3339.h"

#include <fmt/format.h>

namespace reeld {

namespace {

void count(ReportTotals& totals, const Attempt& attempt) {
    if (attempt.outcome != CreateOutcome::not_sent) ++totals.creates;
    switch (attempt.outcome) {
    case CreateOutcome::accepted: ++totals.accepted; break;
    case CreateOutcome::adopted: ++totals.adopted; break;
    case CreateOutcome::refused: ++totals.refused; break;
    case CreateOutcome::dismissed: ++totals.dismissed; break;
    case CreateOutcome::not_sent: break;
    case CreateOutcome::unanswered:
    case CreateOutcome::in_doubt:
    case CreateOutcome::held: ++totals.open; break;
    }
    totals.cost_usd += attempt.cost_usd.value_or(0);
    if (attempt.ended_at && !attempt.cost_usd) ++totals.without_cost;
}

std::string totals_line(const BatchReport& report) {
    const ReportTotals totals = totals_of(report);
    std::string line = fmt::format("{}: {} shots, {} creates sent: {} accepted", report.batch,
                                   report.shots.size(), totals.creates, totals.accepted);
    const auto add = [&](int number, const char* word) {
        if (number > 0) line += fmt::format(", {} {}", number, word);
    };
    add(totals.adopted, "adopted after a lost answer");
    add(totals.refused, "refused");
    add(totals.dismissed, "lost and found not to count");
    add(totals.open, "open");
    line += fmt::format("; cost ${:.2f} by the provider's word", totals.cost_usd);
    if (totals.without_cost > 0) line += fmt::format(" ({} ends without a price)", totals.without_cost);
    return line + "\n  " + report.folder + "\n";
}

std::string attempt_line(const std::string& shot, const Attempt& attempt) {
    std::string line = fmt::format("  {}  {}  #{}  {}", rfc3339(attempt.sent_at), shot, attempt.number,
                                   to_word(attempt.outcome));
    if (attempt.http_status != 0) line += fmt::format(" (HTTP {})", attempt.http_status);
    if (attempt.settled_by) line += fmt::format(" by the {}", to_word(*attempt.settled_by));
    if (!attempt.prediction.empty())
        line += fmt::format("  {}  {}", attempt.prediction, to_word(attempt.end));
    if (attempt.cost_usd) line += fmt::format("  ${:.2f}", *attempt.cost_usd);
    for (const auto& words : {attempt.words, attempt.held_because, attempt.end_words}) {
        if (!words.empty()) line += "\n      " + words;
    }
    return line + fmt::format("\n      request {}\n", attempt.request_id);
}

void add_time(Json& json, const char* key, const std::optional<WallTime>& time) {
    if (time) add_member(json, key, rfc3339(*time));
}

void add_text(Json& json, const char* key, std::string_view text) {
    if (!text.empty()) add_member(json, key, text);
}

void add_attempt(Json& json, const Attempt& attempt) {
    json.StartObject();
    json.Key("number");
    json.Int(attempt.number);
    add_text(json, "request_id", attempt.request_id);
    add_time(json, "sent_at", attempt.sent_at);
    add_member(json, "outcome", to_word(attempt.outcome));
    add_time(json, "answered_at", attempt.answered_at);
    if (attempt.http_status != 0) {
        json.Key("http_status");
        json.Int(attempt.http_status);
    }
    add_text(json, "words", attempt.words);
    add_time(json, "settled_at", attempt.settled_at);
    if (attempt.settled_by) add_member(json, "settled_by", to_word(*attempt.settled_by));
    add_text(json, "held_because", attempt.held_because);
    add_text(json, "prediction_id", attempt.prediction);
    if (attempt.end != PredictionEnd::none) add_member(json, "end", to_word(attempt.end));
    add_time(json, "ended_at", attempt.ended_at);
    add_text(json, "end_words", attempt.end_words);
    if (attempt.cost_usd) {
        json.Key("cost");
        json.Double(*attempt.cost_usd);
    }
    json.EndObject();
}

void add_totals(Json& json, const ReportTotals& totals) {
    json.Key("totals");
    json.StartObject();
    const auto add = [&](const char* key, int number) {
        json.Key(key);
        json.Int(number);
    };
    add("creates", totals.creates);
    add("accepted", totals.accepted);
    add("adopted", totals.adopted);
    add("refused", totals.refused);
    add("dismissed", totals.dismissed);
    add("open", totals.open);
    json.Key("cost");
    json.Double(totals.cost_usd);
    add("without_cost", totals.without_cost);
    json.EndObject();
}

void add_shot(Json& json, const ShotReport& shot) {
    json.StartObject();
    add_member(json, "shot", shot.id);
    add_member(json, "model", shot.model);
    add_member(json, "state", shot.state);
    json.Key("attempts");
    json.StartArray();
    for (const auto& attempt : shot.attempts) add_attempt(json, attempt);
    json.EndArray();
    json.EndObject();
}

} // namespace

ReportTotals totals_of(const BatchReport& report) {
    ReportTotals totals;
    for (const auto& shot : report.shots) {
        for (const auto& attempt : shot.attempts) count(totals, attempt);
    }
    return totals;
}

std::string report_text(const BatchReport& report) {
    std::string text = totals_line(report);
    for (const auto& shot : report.shots) {
        if (shot.attempts.empty()) text += fmt::format("  {}  {}: nothing was sent\n", shot.id, shot.state);
        for (const auto& attempt : shot.attempts) text += attempt_line(shot.id, attempt);
    }
    return text;
}

std::string report_json(const std::vector<BatchReport>& reports) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("batches");
    json.StartArray();
    for (const auto& report : reports) {
        json.StartObject();
        add_member(json, "batch", report.batch);
        add_member(json, "folder", report.folder);
        add_totals(json, totals_of(report));
        json.Key("shots");
        json.StartArray();
        for (const auto& shot : report.shots) add_shot(json, shot);
        json.EndArray();
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace reeld
