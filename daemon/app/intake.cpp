#include "daemon/app/intake.h"

#include "daemon/app/storyboard_copy.h"
#include "daemon/output/batch_folder.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace reeld {

namespace {

/// Shots taken from the reader and put into the journal at once: a few milliseconds of work, one sync.
constexpr std::size_t kShotsPerPortion = 500;

/// For how long after its end a batch's bytes are refused as a duplicate.
constexpr Duration kDuplicateMemory = std::chrono::hours{24};

} // namespace

struct Intake::Task {
    Ticket ticket = 0;
    StoryboardFile file;
    OnRead on_read;
    OnAccepted on_accepted;
    StoryboardCopy copy;
    std::unique_ptr<StoryboardReader> reader;
    Reading reading;
    BatchRow row;
    BatchFacts facts;
    Wishes wishes;
};

Intake::Intake(App& app, ModelLookup& models, Options options)
    : app_(app), models_(models), options_(std::move(options)) {}

Intake::~Intake() = default;

Intake::Ticket Intake::read(const StoryboardFile& file, OnRead on_read) {
    auto task = std::make_shared<Task>();
    task->ticket = ++last_ticket_;
    task->file = file;
    task->on_read = std::move(on_read);
    tasks_.emplace(task->ticket, task);
    start(task);
    return task->ticket;
}

void Intake::drop(Ticket ticket) {
    tasks_.erase(ticket);
}

void Intake::start(const std::shared_ptr<Task>& task) {
    task->reading = {};
    try {
        task->copy = StoryboardCopy(options_.output);
        task->reader =
            std::make_unique<StoryboardReader>(app_.loop(), options_.program,
                                               ReadRequest{.fd = task->file.fd,
                                                           .copy_fd = task->copy.fd(),
                                                           .default_name = task->file.default_name,
                                                           .limits = options_.limits,
                                                           .learned_models = app_.journal().learned_models()},
                                               [this, weak = std::weak_ptr(task)](ReadHeader&& header) {
                                                   if (const auto alive = weak.lock())
                                                       on_header(alive, std::move(header));
                                               });
    } catch (const std::runtime_error& error) { // std::system_error is one.
        task->reading.trouble = error.what();
        app_.after_commit([this, task] { report(task); });
    }
}

void Intake::on_header(const std::shared_ptr<Task>& task, ReadHeader&& header) {
    task->reading.header = std::move(header);
    if (task->reading.header.is_trouble) {
        const auto& faults = task->reading.header.faults;
        task->reading.trouble = fmt::format(
            "{} (the output folder is {})",
            faults.empty() ? "the file could not be read" : faults.front().message, options_.output.native());
        return report(task);
    }
    const auto unknown = models_.worth_asking(task->reading.header.unknown_models);
    if (unknown.empty()) return report(task);
    models_.ask(unknown, [this, weak = std::weak_ptr(task)](bool learned) {
        const auto alive = weak.lock();
        if (!alive) return;
        if (!learned) return report(alive);
        app_.after_commit([this, weak] { read_again(weak); });
    });
}

/// Now by the schemas that were learned.
void Intake::read_again(const std::weak_ptr<Task>& weak) {
    const auto alive = weak.lock();
    if (!alive) return;
    ::lseek(alive->file.fd, 0, SEEK_SET);
    start(alive);
}

void Intake::report(const std::shared_ptr<Task>& task) {
    if (!tasks_.contains(task->ticket)) return;
    find_duplicate(*task);
    task->on_read(task->reading);
}

void Intake::find_duplicate(Task& task) const {
    auto& reading = task.reading;
    const auto& file = task.file;
    if (reading.header.sha256.empty()) return;
    const Instant now = app_.loop().now().at; // A clock that is set forgets nothing.
    for (auto& row : app_.journal().batches_with_bytes(reading.header.sha256)) {
        reading.leftover =
            row.source == file.source && file.changed_at && *file.changed_at <= row.accepted_at;
        // One that a person has some shots of rendered once more has been finished, and is not.
        const bool is_recent = !row.finished_at || !app_.queue().ledger().batch(row.key).manifest_written ||
                               now - row.finished_at->at < kDuplicateMemory;
        if (reading.leftover || (is_recent && !reading.duplicate)) reading.duplicate = std::move(row);
        if (reading.leftover) return;
    }
    if (reading.duplicate) return;
    for (const auto& [ticket, other] : tasks_) {
        const bool is_opened = other->row.key != 0; // And not yet accepted: then it would be in the journal.
        if (is_opened && other->row.sha256 == reading.header.sha256) reading.duplicate = other->row;
    }
}

void Intake::accept(Ticket ticket, OnAccepted on_accepted, const Wishes& wishes) {
    const auto task = tasks_.at(ticket);
    task->wishes = wishes;
    task->on_accepted = std::move(on_accepted);
    if (const auto error = open_batch(*task); !error.empty()) return fail(task, error);
    next_portion(task);
}

std::string Intake::open_batch(Task& task) {
    const auto& header = task.reading.header;
    const auto folder = reserve_batch_folder(
        options_.output, header.name, app_.journal().id(), [this](const std::string& name) {
            // A journal that is stalled does not show what waits for its commit.
            return app_.journal().name_taken(name) ||
                   std::any_of(tasks_.begin(), tasks_.end(),
                               [&](const auto& it) { return it.second->row.name == name; });
        });
    if (!folder.error.empty()) return folder.error;
    task.row = {.key = 0,
                .name = folder.name,
                .storyboard = header.name,
                .folder = folder.path.string(),
                .sha256 = header.sha256,
                .shot_count = header.shot_count,
                .models = header.models,
                .source = task.file.source,
                .accepted_at = app_.loop().now().wall,
                .finished_at = std::nullopt};
    task.row.key = app_.journal().add_batch(task.row);
    task.facts = {.key = task.row.key, .name = folder.name, .models = header.models, .shots = {}};
    task.facts.shots.reserve(header.shot_count);
    return "";
}

void Intake::next_portion(const std::shared_ptr<Task>& task) {
    task->reader->next_shots(kShotsPerPortion,
                             [this, weak = std::weak_ptr(task)](std::vector<StoryboardShot>&& shots,
                                                                const std::optional<std::string>& error) {
                                 if (const auto alive = weak.lock())
                                     on_portion(alive, std::move(shots), error);
                             });
}

void Intake::on_portion(const std::shared_ptr<Task>& task, std::vector<StoryboardShot>&& shots,
                        const std::optional<std::string>& error) {
    if (error) return fail(task, *error);
    auto& facts = task->facts;
    if (shots.empty()) {
        if (facts.shots.size() == task->row.shot_count) return finish(task);
        return fail(task, "the reading process handed over fewer shots than it had announced");
    }
    app_.journal().add_shots(facts.key, static_cast<std::uint32_t>(facts.shots.size()), shots);
    for (const auto& shot : shots) {
        const auto model =
            std::find(facts.models.begin(), facts.models.end(), shot.model) - facts.models.begin();
        facts.shots.push_back({.model = static_cast<std::uint16_t>(model),
                               .priority = shot.priority,
                               .clip_seconds = shot.clip_seconds});
    }
    // The next portion is asked for when this one is on disk, so that the loop turns in between.
    app_.after_commit([this, weak = std::weak_ptr(task)] {
        if (const auto alive = weak.lock()) next_portion(alive);
    });
}

void Intake::finish(const std::shared_ptr<Task>& task) {
    const BatchKey key = task->row.key;
    app_.record(event::BatchAccepted{.batch = std::move(task->facts)});
    const Wishes& wishes = task->wishes;
    if (wishes.priority)
        app_.record(
            event::Reprioritised{.batch = key, .priority = static_cast<std::int16_t>(*wishes.priority)});
    const std::string& own_hours = task->reading.header.hours;
    if (wishes.now || !own_hours.empty())
        app_.record(event::HoursSet{.batch = key, .hours = wishes.now ? std::string(kAnyHours) : own_hours});
    app_.after_commit([this, task, key] {
        const auto error = place_copy(*task, task->row.folder);
        tasks_.erase(task->ticket);
        task->on_accepted(key, error);
    });
}

void Intake::fail(const std::shared_ptr<Task>& task, const std::string& error) {
    if (task->row.key != 0) {
        app_.journal().drop_batch(task->row.key);
        end_reservation(task->row.folder, app_.journal().id());
        std::error_code not_empty_is_fine;
        std::filesystem::remove(task->row.folder, not_empty_is_fine);
    }
    tasks_.erase(task->ticket);
    task->on_accepted(std::nullopt, error);
}

std::string Intake::complete_leftover(Ticket ticket) {
    const auto task = tasks_.at(ticket);
    tasks_.erase(ticket);
    const std::filesystem::path folder = task->reading.duplicate->folder;
    // A copy in a folder that is no longer reserved is a person's, who may have changed it.
    std::error_code unreadable_counts_as_missing;
    const bool is_there = std::filesystem::exists(folder / "storyboard.yaml", unreadable_counts_as_missing);
    if (is_there && !is_reserved(folder, app_.journal().id())) return "";
    return place_copy(*task, folder);
}

std::string Intake::place_copy(Task& task, const std::filesystem::path& folder) {
    auto error = task.copy.appear_as(folder / "storyboard.yaml");
    if (error.empty()) end_reservation(folder, app_.journal().id());
    return error;
}

} // namespace reeld
