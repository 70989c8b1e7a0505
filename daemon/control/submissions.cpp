#include "daemon/control/submissions.h"

#include "daemon/control/fault_output.h"
#include "daemon/output/files.h"

#include <fmt/format.h>

#include <sys/mman.h>

namespace reeld {

namespace {

http::Reply refuse_for_now(const std::string& why) {
    return http::refuse({.status = 503, .message = why, .remedy = "submit it again"});
}

void add_error_member(Json& json, const std::string& message, const std::string& remedy) {
    json.Key("error");
    json.StartObject();
    add_member(json, "message", message);
    add_member(json, "remedy", remedy);
    json.EndObject();
}

http::Reply faulty(const Submission& wish, const std::vector<Fault>& faults) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    std::string text;
    for (const auto& fault : faults) text += render_fault(wish.file, fault) + "\n";
    json.StartObject();
    add_error_member(json, fmt::format("{} is faulty: nothing of it was accepted", wish.file),
                     "mend the file");
    add_faults(json, faults);
    add_member(json, "text", text);
    json.EndObject();
    return {.status = 422, .body = text_of(buffer)};
}

http::Reply duplicate(const Submission& wish, const BatchRow& row, bool finished, bool hours_lifted) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_error_member(json,
                     fmt::format("{}: batch {} has the same bytes and {}", wish.file, row.name,
                                 finished ? "finished less than a day ago" : "is not finished yet"),
                     "--again renders it once more all the same");
    add_member(json, "batch", row.name);
    add_member(json, "accepted_at", row.accepted_at);
    add_member(json, "finished", finished);
    add_member(json, "hours_lifted", hours_lifted);
    json.EndObject();
    return {.status = 409, .body = text_of(buffer)};
}

http::Reply accepted(const Submission& wish, const std::string& batch, const ReadHeader& header,
                     const std::string& trouble) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "batch", batch);
    add_member(json, "shots", header.shot_count);
    json.Key("warnings");
    json.StartArray();
    for (const auto& fault : header.faults) add_text(json, render_fault(wish.file, fault));
    if (!trouble.empty()) add_text(json, trouble);
    json.EndArray();
    json.EndObject();
    return {.status = 201, .body = text_of(buffer)};
}

} // namespace

void Submissions::submit(Submission submission, http::Respond respond) {
    if (waiting_.size() >= waiting_max)
        return respond(refuse_for_now("too many storyboards wait to be read"));
    waiting_.push_back({.wish = std::move(submission), .respond = std::move(respond)});
    if (waiting_.size() == 1) begin();
}

void Submissions::begin() {
    auto& wish = waiting_.front().wish;
    file_ = Fd(::memfd_create("storyboard", MFD_CLOEXEC));
    if (!file_ || write_fully(file_.get(), wish.yaml, 0) != 0)
        return end(refuse_for_now("no memory for the storyboard"));
    wish.yaml = {};
    ticket_ = intake_.read({.fd = file_.get(),
                            .default_name = wish.default_name,
                            .source = {.path = "submitted"},
                            .changed_at = std::nullopt},
                           [this](const Reading& reading) { was_read(reading); });
}

void Submissions::was_read(const Reading& reading) {
    const auto& wish = waiting_.front().wish;
    const bool is_good = reading.trouble.empty() && reading.header.good();
    const bool is_wanted = waiting_.front().respond.wanted();
    const bool is_next = wish.after.empty() || (reading.duplicate && reading.duplicate->name == wish.after);
    if (is_wanted && is_good && ((wish.again && is_next) || !reading.duplicate)) return accept(reading);
    http::Reply reply = !reading.trouble.empty() ? refuse_for_now(reading.trouble)
                        : !is_good               ? faulty(wish, reading.header.faults)
                        : !is_wanted             ? refuse_for_now("nobody waits for it any more")
                                     : duplicate(wish, *reading.duplicate, is_finished(*reading.duplicate),
                                                 wish.wishes.now && lift_hours(reading.duplicate->key));
    intake_.drop(ticket_);
    end(std::move(reply));
}

bool Submissions::lift_hours(BatchKey batch) {
    const auto& queue = app_.queue();
    if (!queue.ledger().batches().contains(batch)) return false;
    // Also within its hours: they may end before its last create.
    const auto& hours = queue.scheduler().hours();
    const Instant now = app_.loop().now().at;
    const bool has_hours = !hours.is_open(batch, now) || hours.changes_at(batch, now) != Instant::max();
    if (has_hours) app_.record(event::HoursSet{.batch = batch, .hours = std::string(kAnyHours)});
    return has_hours;
}

bool Submissions::is_finished(const BatchRow& row) const {
    // One that is just being accepted is not in the ledger yet; one of which a person wants shots once more
    // has been finished, and is not.
    const auto& batches = app_.queue().ledger().batches();
    const auto batch = batches.find(row.key);
    return batch != batches.end() && batch->second.manifest_written;
}

void Submissions::accept(const Reading& reading) {
    intake_.accept(
        ticket_,
        [this, header = reading.header](std::optional<BatchKey> batch, const std::string& trouble) {
            if (!batch) return end(refuse_for_now(trouble));
            const auto name = app_.queue().ledger().batch(*batch).name;
            end(accepted(waiting_.front().wish, name, header, trouble));
        },
        waiting_.front().wish.wishes);
}

void Submissions::end(http::Reply reply) {
    const auto respond = waiting_.front().respond;
    waiting_.pop_front();
    file_.reset();
    respond(std::move(reply));
    // In a turn of its own: this one may be inside the reading that has just ended.
    if (!waiting_.empty()) app_.after_commit([this] { begin(); });
}

} // namespace reeld
