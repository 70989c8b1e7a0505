#include "daemon/app/paperwork.h"

#include "jobs/manifest/manifest_shot.h"
#include "jobs/manifest/manifest_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace reeld {

namespace {

/// How long to wait before a failed write is tried again: a person who frees space sees it within seconds.
constexpr Duration kRetryAfter = std::chrono::seconds{5};

/// Lines made in one step, at some thirty microseconds each.
constexpr std::size_t kLinesPerStep = 128;

} // namespace

Paperwork::Paperwork(Loop& loop, const Journal& journal, Reports reports)
    : journal_(journal), loop_(loop), reports_(std::move(reports)), retry_(loop, [this] { try_again(); }),
      line_timer_(loop, [this] {
          lines_due_ = true;
          reports_.wake();
      }) {}

void Paperwork::append_line(ShotRef ref, bool retried) {
    if (pending_.empty()) line_timer_.arm_after(line_wait_max);
    pending_.push_back(ref);
    final_.insert(ref);
    if (retried) retried_.insert(ref);
}

void Paperwork::take_back(ShotRef ref) {
    final_.erase(ref);
    std::erase(pending_, ref);
    std::erase(set_aside_, ref);
    std::erase_if(documents_, [&](const Document& document) { return document.key == ref.batch; });
}

void Paperwork::write_manifest(BatchKey key, const BatchRecord& batch) {
    documents_.push_back({.key = key,
                          .counts = {.total = static_cast<std::uint32_t>(batch.shots.size()),
                                     .succeeded = batch.count(ShotState::succeeded),
                                     .failed = batch.count(ShotState::failed),
                                     .cancelled = batch.count(ShotState::cancelled)},
                          .row = std::nullopt,
                          .file = {},
                          .cost_usd = std::nullopt,
                          .next_index = 0});
}

bool Paperwork::step() {
    // The lines of a batch stand before its document, so these wait for no company.
    if (lines_due_ || !documents_.empty()) write_lines();
    continue_document();
    return (lines_due_ && !pending_.empty()) || next_document() != documents_.end();
}

void Paperwork::flush() {
    // What cannot be written is set aside, so this comes to an end.
    while (!pending_.empty()) write_lines();
}

void Paperwork::write_lines() {
    leave_lost_folders();
    add_lines();
    sync_lines();
    lines_due_ = !pending_.empty();
}

void Paperwork::try_again() {
    waiting_.clear();
    pending_.insert(pending_.end(), set_aside_.begin(), set_aside_.end());
    set_aside_.clear();
    lines_due_ = true; // Lines that were added and not synced are no longer among the pending ones.
    reports_.wake();
}

void Paperwork::try_later(BatchKey key, const std::string& why) {
    if (waiting_.empty()) retry_.arm_after(kRetryAfter);
    waiting_.insert(key);
    set_aside(key);
    if (std::exchange(trouble_[key], why) != why) reports_.trouble(why);
}

void Paperwork::set_aside(BatchKey key) {
    const auto its = std::stable_partition(pending_.begin(), pending_.end(),
                                           [key](ShotRef ref) { return ref.batch != key; });
    set_aside_.insert(set_aside_.end(), its, pending_.end());
    pending_.erase(its, pending_.end());
}

/// A file that somebody has moved away with its folder is closed: its lines are all made again, where
/// open_lines() makes a new one.
void Paperwork::leave_lost_folders() {
    std::erase_if(lines_, [this](const auto& open) {
        const auto& [key, file] = open;
        if (!file.lost_folder()) return false;
        pending_.insert(pending_.end(), final_.lower_bound({.batch = key, .index = 0}),
                        final_.lower_bound({.batch = key + 1, .index = 0}));
        return true;
    });
}

std::optional<std::string> Paperwork::open_lines(BatchKey key) {
    if (lines_.contains(key)) return std::nullopt;
    const auto row = journal_.batch(key);
    // Somebody may have moved the folder away; the manifest must not wait for it to come back.
    std::error_code shown_by_open;
    if (std::filesystem::create_directories(row.folder, shown_by_open)) {
        reports_.trouble(fmt::format("the folder {} of an unfinished batch is gone, perhaps moved away: it "
                                     "is made anew, and its manifests are written there",
                                     row.folder));
    }
    LineFile file;
    if (auto error = file.open(std::filesystem::path(row.folder) / "manifest.jsonl")) return error;
    lines_.emplace(key, std::move(file));
    names_[key] = row.name;
    return std::nullopt;
}

ManifestShot Paperwork::fold(const std::string& batch_name, ShotRef ref) const {
    auto row = journal_.shot(ref);
    const auto events = journal_.events_of(ref);
    return fold_shot(batch_name, ref.index, std::move(row.shot), events);
}

void Paperwork::add_line(LineFile& file, ShotRef ref) {
    // Making a line costs more than knowing that it is there.
    if (file.has(ref.index) && !retried_.contains(ref)) return;
    const auto line = manifest_line(fold(names_.at(ref.batch), ref));
    if (!file.ends_with(ref.index, line)) file.add(ref.index, line);
}

void Paperwork::add_lines() {
    for (std::size_t made = 0; made < kLinesPerStep && !pending_.empty(); ++made) {
        const ShotRef ref = pending_.front();
        if (auto error = open_lines(ref.batch)) {
            try_later(ref.batch, *error);
            continue;
        }
        pending_.pop_front();
        add_line(lines_.at(ref.batch), ref);
    }
}

void Paperwork::sync_lines() {
    for (auto& [key, file] : lines_) {
        if (!file.dirty() || waiting_.contains(key)) continue;
        if (auto error = file.sync()) {
            try_later(key, *error);
        } else {
            trouble_.erase(key);
        }
    }
}

bool Paperwork::lines_pending(BatchKey key) const {
    return std::any_of(pending_.begin(), pending_.end(), [&](ShotRef ref) { return ref.batch == key; });
}

std::deque<Paperwork::Document>::iterator Paperwork::next_document() {
    const auto next = std::find_if(documents_.begin(), documents_.end(), [this](const Document& document) {
        return !waiting_.contains(document.key);
    });
    return next == documents_.end() || lines_pending(next->key) ? documents_.end() : next;
}

void Paperwork::continue_document() {
    const auto next = next_document();
    if (next == documents_.end()) return;
    auto& document = *next;
    auto error = document.row ? std::nullopt : begin(document);
    if (!error) error = write_some(document);
    if (error) {
        document.row.reset(); // Begun anew: the temporary file is gone or unusable.
        return try_later(document.key, *error);
    }
    if (document.next_index < document.counts.total) return;
    const BatchKey key = document.key;
    const WrittenManifest written{.batch = key,
                                  .name = document.row->name,
                                  .folder = document.row->folder,
                                  .counts = document.counts,
                                  .cost_usd = document.cost_usd};
    documents_.erase(next);
    lines_.erase(key);
    names_.erase(key);
    trouble_.erase(key);
    std::erase_if(final_, [key](ShotRef ref) { return ref.batch == key; });
    std::erase_if(retried_, [key](ShotRef ref) { return ref.batch == key; });
    reports_.written(written);
}

std::optional<std::string> Paperwork::begin(Document& document) {
    document.row = journal_.batch(document.key);
    document.next_index = 0;
    document.file = {};
    document.cost_usd.reset();
    if (auto error = document.file.open(std::filesystem::path(document.row->folder) / "manifest.json"))
        return error;
    return document.file.write(manifest_head({.batch = document.row->name,
                                              .storyboard = document.row->storyboard,
                                              .sha256 = document.row->sha256,
                                              .counts = document.counts,
                                              .accepted_at = document.row->accepted_at,
                                              .finished_at = loop_.now().wall}));
}

std::optional<std::string> Paperwork::write_some(Document& document) {
    std::string chunk;
    const auto end = std::min(document.counts.total, document.next_index + std::uint32_t{kLinesPerStep});
    for (auto index = document.next_index; index < end; ++index) {
        if (index > 0) chunk += kManifestSeparator;
        const auto shot = fold(document.row->name, {.batch = document.key, .index = index});
        chunk += manifest_line(shot);
        if (shot.cost_usd) document.cost_usd = document.cost_usd.value_or(0) + *shot.cost_usd;
    }
    if (end == document.counts.total) chunk += manifest_tail();
    if (auto error = document.file.write(chunk)) return error;
    document.next_index = end;
    return end == document.counts.total ? document.file.finish() : std::nullopt;
}

} // namespace reeld
