#include "daemon/control/report_output.h"

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

std::string totals_line(const std::string& batch, std::size_t shots, const ReportTotals& totals) {
    std::string line = fmt::format("{}: {} shots, {} creates sent: {} accepted", batch, shots, totals.creates,
                                   totals.accepted);
    const auto add = [&](int number, const char* word) {
        if (number > 0) line += fmt::format(", {} {}", number, word);
    };
    add(totals.adopted, "adopted after a lost answer");
    add(totals.refused, "refused");
    add(totals.dismissed, "lost and found not to count");
    add(totals.open, "open");
    line += fmt::format("; cost ${:.2f} by the provider's word", totals.cost_usd);
    if (totals.without_cost > 0) line += fmt::format(" ({} ends without a price)", totals.without_cost);
    return line + "\n";
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

void add_totals(Json& json, const ReportTotals& totals) {
    json.Key("totals");
    json.StartObject();
    add_member(json, "creates", totals.creates);
    add_member(json, "accepted", totals.accepted);
    add_member(json, "adopted", totals.adopted);
    add_member(json, "refused", totals.refused);
    add_member(json, "dismissed", totals.dismissed);
    add_member(json, "open", totals.open);
    add_member(json, "cost", totals.cost_usd);
    add_member(json, "without_cost", totals.without_cost);
    json.EndObject();
}

std::string shot_json(const ShotReport& shot) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "shot", shot.id);
    add_member(json, "model", shot.model);
    add_member(json, "state", shot.state);
    json.Key("attempts");
    json.StartArray();
    for (const auto& attempt : shot.attempts) add_attempt(json, attempt);
    json.EndArray();
    json.EndObject();
    return text_of(buffer);
}

std::string shot_text(const ShotReport& shot) {
    if (shot.attempts.empty()) return fmt::format("  {}  {}: nothing was sent\n", shot.id, shot.state);
    std::string text;
    for (const auto& attempt : shot.attempts) text += attempt_line(shot.id, attempt);
    return text;
}

} // namespace

void add_attempt(Json& json, const Attempt& attempt) {
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) add_member(json, key, text);
    };
    json.StartObject();
    add_member(json, "number", attempt.number);
    add("request_id", attempt.request_id);
    if (attempt.sent_at != WallTime{}) add_member(json, "sent_at", attempt.sent_at);
    add_member(json, "outcome", to_word(attempt.outcome));
    add_member(json, "answered_at", attempt.answered_at);
    if (attempt.http_status != 0) add_member(json, "http_status", attempt.http_status);
    add("words", attempt.words);
    add_member(json, "settled_at", attempt.settled_at);
    if (attempt.settled_by) add_member(json, "settled_by", to_word(*attempt.settled_by));
    add("held_because", attempt.held_because);
    add("prediction_id", attempt.prediction);
    if (attempt.end != PredictionEnd::none) add_member(json, "end", to_word(attempt.end));
    add_member(json, "ended_at", attempt.ended_at);
    add("end_words", attempt.end_words);
    add_member(json, "cost", attempt.cost_usd);
    json.EndObject();
}

ReportText::ReportText(ReportForm form, std::string batch, std::string folder)
    : form_(form), batch_(std::move(batch)), folder_(std::move(folder)) {}

void ReportText::add(const ShotReport& shot) {
    for (const auto& attempt : shot.attempts) count(totals_, attempt);
    if (form_ == ReportForm::json) {
        body_ += (shots_ > 0 ? "," : "") + shot_json(shot);
    } else {
        body_ += shot_text(shot);
    }
    ++shots_;
}

std::string ReportText::whole() const {
    if (form_ == ReportForm::text)
        return totals_line(batch_, shots_, totals_) + "  " + folder_ + "\n" + body_;
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "batch", batch_);
    add_member(json, "folder", folder_);
    add_totals(json, totals_);
    json.Key("shots");
    const std::string shots = "[" + body_ + "]";
    json.RawValue(shots.data(), shots.size(), rapidjson::kArrayType);
    json.EndObject();
    return text_of(buffer);
}

std::string report_json(std::span<const std::string> batches) {
    return fmt::format(R"({{"batches":[{}]}})", fmt::join(batches, ","));
}

} // namespace reeld
