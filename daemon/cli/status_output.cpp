#include "daemon/cli/status_output.h"

#include "jobs/eachlabs/json_body.h"
#include "jobs/text/rfc3339.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

using eachlabs::member;
using eachlabs::string_member;

/// A text out of a document, safe on a terminal.
std::string words(const rapidjson::Value& object, const char* name) {
    return make_visible(string_member(object, name));
}

/// Rows as columns that line up, each as wide as its widest cell; the last is left as it is.
std::vector<std::string> table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], count_characters(row[i]));
    }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::size_t blanks = widths[i] - count_characters(row[i]) + 2;
            line += row[i] + std::string(blanks, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string nothing_or(std::int64_t number) {
    return number == 0 ? "-" : std::to_string(number);
}

/// Of the shots that failed; what somebody cancelled is named as that.
std::string without_clip(std::int64_t failed, std::int64_t cancelled) {
    if (cancelled == 0) return nothing_or(failed);
    return failed == 0 ? fmt::format("{} cancelled", cancelled)
                       : fmt::format("{}, {} cancelled", failed, cancelled);
}

/// "12:04 to 13:10", from now on.
std::string eta_words(const rapidjson::Value& batch, const rapidjson::Value& now) {
    const auto* eta = member(batch, "eta");
    if (eta == nullptr) return "";
    const auto earliest = between(now, *eta, "earliest");
    const auto latest = between(now, *eta, "latest");
    if (!earliest || !latest) return "";
    const auto from = short_time(*earliest);
    const auto to = short_time(*latest);
    return from == to ? "in " + to : fmt::format("in {} to {}", from, to);
}

std::vector<std::string> batch_row(const rapidjson::Value& batch, const rapidjson::Value& now) {
    const rapidjson::Value none(rapidjson::kObjectType);
    const auto* found = member(batch, "counts");
    const auto& counts = found == nullptr ? none : *found;
    const auto under_way =
        number_of(counts, "creating") + number_of(counts, "rendering") + number_of(counts, "in_doubt");
    const auto status = words(batch, "status");
    const auto* cost = member(batch, "cost");
    return {words(batch, "batch"),
            status.empty() ? words(batch, "state") : status,
            fmt::format("{}/{}", number_of(counts, "succeeded"), number_of(counts, "total")),
            without_clip(number_of(counts, "failed"), number_of(counts, "cancelled")),
            nothing_or(number_of(counts, "held")),
            nothing_or(under_way),
            nothing_or(number_of(counts, "queued")),
            std::to_string(number_of(batch, "priority")),
            cost != nullptr && cost->IsNumber() ? fmt::format("${:.2f}", cost->GetDouble()) : "-",
            eta_words(batch, now)};
}

const std::vector<std::string> kBatchHead = {"BATCH",     "STATE",  "DONE",     "FAILED", "HELD",
                                             "UNDER WAY", "QUEUED", "PRIORITY", "COST",   "ENDS"};

void add_waits(std::vector<std::string>& lines, const rapidjson::Value& batch) {
    if (const auto waits = words(batch, "waits"); !waits.empty()) lines.push_back("  " + waits);
}

void add_release(std::vector<std::string>& lines, const rapidjson::Value& held) {
    const auto* commands = member(held, "release");
    if (commands == nullptr || !commands->IsArray()) return;
    for (const auto& command : commands->GetArray())
        lines.push_back("    " + make_visible(eachlabs::string_of(command)));
}

std::string account_line(const rapidjson::Value& account, const rapidjson::Value& now) {
    std::string line = fmt::format("slots {} of {}, creates left {} of {}", number_of(account, "slots_taken"),
                                   number_of(account, "slots_now"), number_of(account, "tokens"),
                                   number_of(account, "creates"));
    if (const auto next = between(now, account, "next_token_at"))
        line += fmt::format(" (the next in {})", short_time(*next));
    if (is_true(account, "paused")) line += "; paused: 'reeld resume' goes on";
    return line;
}

void add_suspension_line(std::vector<std::string>& lines, const rapidjson::Value& account,
                         const rapidjson::Value& now) {
    const auto* suspended = member(account, "suspended");
    if (suspended == nullptr) return;
    auto line = fmt::format("creates are suspended, {}: {}", words(*suspended, "words"),
                            words(*suspended, "message"));
    if (const auto until = between(now, *suspended, "until"))
        line += fmt::format("; asked again in {}", short_time(*until));
    lines.push_back(std::move(line));
}

void add_held_lines(std::vector<std::string>& lines, const rapidjson::Value& status) {
    const auto* held = member(status, "held");
    if (held == nullptr || !held->IsArray() || held->Empty()) return;
    lines.emplace_back();
    for (const auto& shot : held->GetArray()) {
        lines.push_back(
            fmt::format("held: {}/{}: {}", words(shot, "batch"), words(shot, "shot"), words(shot, "reason")));
        add_release(lines, shot);
    }
    const auto more = number_of(status, "held_count") - std::int64_t{held->Size()};
    if (more > 0) lines.push_back(fmt::format("held: and {} more", more));
}

/// What a shot's line says last: where its clip is, what went wrong, or why it waits.
std::string remark(const rapidjson::Value& shot) {
    if (auto url = words(shot, "url"); !url.empty()) return url;
    if (const auto* error = member(shot, "error"); error != nullptr) return words(*error, "message");
    if (const auto* why = member(shot, "why"); why != nullptr) return words(*why, "text");
    return "";
}

} // namespace

std::int64_t number_of(const rapidjson::Value& object, const char* name) {
    const auto* number = member(object, name);
    return number != nullptr && number->IsInt64() ? number->GetInt64() : 0;
}

bool is_true(const rapidjson::Value& object, const char* name) {
    const auto* value = member(object, name);
    return value != nullptr && value->IsTrue();
}

std::optional<Duration> between(const rapidjson::Value& from, const rapidjson::Value& object,
                                const char* name) {
    const auto begin = read_rfc3339(eachlabs::string_of(from));
    const auto end = read_rfc3339(string_member(object, name));
    if (!begin || !end) return std::nullopt;
    return *end - *begin;
}

std::vector<std::string> status_lines(const rapidjson::Value& status) {
    const rapidjson::Value none;
    const auto* found = member(status, "now");
    const auto& now = found == nullptr ? none : *found;
    std::vector<std::string> lines;
    if (is_true(status, "journal_stalled"))
        lines.push_back(fmt::format("nothing is sent: the journal in {} cannot be written, such as on a full "
                                    "disk; it is tried again by itself, and the log says why",
                                    words(status, "state")));
    if (const auto* account = member(status, "account"); account != nullptr) {
        lines.push_back(account_line(*account, now));
        add_suspension_line(lines, *account, now);
    }
    lines.emplace_back();
    std::vector<std::vector<std::string>> rows = {kBatchHead};
    std::vector<std::string> waits;
    if (const auto* batches = member(status, "batches"); batches != nullptr && batches->IsArray()) {
        for (const auto& batch : batches->GetArray()) rows.push_back(batch_row(batch, now));
        const auto text = table(rows);
        for (std::size_t i = 0; i < text.size(); ++i) {
            lines.push_back(text[i]);
            if (i > 0) add_waits(lines, (*batches)[static_cast<rapidjson::SizeType>(i - 1)]);
        }
    }
    if (rows.size() == 1) lines.back() = "no batch so far: 'reeld submit FILE' hands one over";
    add_held_lines(lines, status);
    return lines;
}

std::vector<std::string> batch_lines(const rapidjson::Value& batch, const rapidjson::Value& now) {
    auto lines = table({kBatchHead, batch_row(batch, now)});
    add_waits(lines, batch);
    lines.push_back("  " + words(batch, "folder"));
    lines.emplace_back();
    std::vector<std::vector<std::string>> rows = {{"SHOT", "STATE", "ATTEMPTS", ""}};
    const auto* shots = member(batch, "shots");
    if (shots == nullptr || !shots->IsArray()) return lines;
    for (const auto& shot : shots->GetArray()) {
        auto state = words(shot, "state");
        std::replace(state.begin(), state.end(), '_', ' ');
        rows.push_back({words(shot, "shot"), state, nothing_or(number_of(shot, "attempts")), remark(shot)});
    }
    for (auto& line : table(rows)) lines.push_back(std::move(line));
    const auto more = number_of(batch, "total") - number_of(batch, "offset") - std::int64_t{shots->Size()};
    if (more > 0)
        lines.push_back(fmt::format("and {} more; --only held shows those of one state, --json all", more));
    return lines;
}

std::vector<std::string> shot_lines(const std::string& name, const rapidjson::Value& shot) {
    std::vector<std::vector<std::string>> rows;
    const auto add = [&](const char* title, const std::string& text) {
        if (!text.empty()) rows.push_back({fmt::format("  {}", title), text});
    };
    auto state = words(shot, "state");
    std::replace(state.begin(), state.end(), '_', ' ');
    add("state", state);
    add("model", words(shot, "model"));
    add("prompt", words(shot, "prompt"));
    add("attempts", std::to_string(number_of(shot, "attempts")));
    if (const auto* why = member(shot, "why"); why != nullptr) add("waits", words(*why, "text"));
    add("since", words(shot, "since"));
    add("prediction", words(shot, "prediction_id"));
    add("finished", words(shot, "finished_at"));
    add("clip", words(shot, "url"));
    const auto* cost = member(shot, "cost");
    if (cost != nullptr && cost->IsNumber()) add("cost", fmt::format("${:.2f}", cost->GetDouble()));
    if (const auto* error = member(shot, "error"); error != nullptr) {
        add("error", words(*error, "message"));
        add("", words(*error, "details"));
    }
    const auto* held = member(shot, "held");
    if (held != nullptr) add("held", words(*held, "reason"));
    std::vector<std::string> lines = {name};
    for (auto& line : table(rows)) lines.push_back(std::move(line));
    if (held != nullptr) add_release(lines, *held);
    return lines;
}

std::string batch_sentence(const rapidjson::Value& batch) {
    const rapidjson::Value none(rapidjson::kObjectType);
    const auto* found = member(batch, "counts");
    const auto& counts = found == nullptr ? none : *found;
    std::string line = fmt::format("{}: {} of {} shots succeeded", words(batch, "batch"),
                                   number_of(counts, "succeeded"), number_of(counts, "total"));
    for (const char* state : {"failed", "cancelled", "held", "in_doubt", "creating", "rendering", "queued"}) {
        std::string word = state;
        std::replace(word.begin(), word.end(), '_', ' ');
        if (const auto count = number_of(counts, state); count > 0)
            line += fmt::format(", {} {}", count, word);
    }
    return line;
}

} // namespace reeld
