/// From a storyboard file to an accepted batch.
///
/// Reading: a child process reads, checks and types the file, and writes a copy of its bytes. Accepting: a
/// folder is reserved, the shots go into the journal in portions, and one event makes the batch visible; only
/// when that is durable does the copy appear as OUTPUT/<batch>/storyboard.yaml, in the place of the folder's
/// mark, and is the caller told. After a crash the file is either as it was or fully accepted, and its folder
/// bears the mark until complete_leftover().
///
/// Threading: the loop's.
#pragma once

#include "daemon/app/app.h"
#include "daemon/app/model_lookup.h"
#include "daemon/reader/reader.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace reeld {

/// A storyboard file that somebody opened.
struct StoryboardFile {
    int fd = -1;              ///< Borrowed until the batch is accepted or the reading is dropped.
    std::string default_name; ///< See ReadRequest.
    SourceIdentity source;
    std::optional<WallTime> changed_at; ///< See Inbox::Offer; empty: this file is never a leftover.
};

/// What was read, and what is known of its bytes.
struct Reading {
    ReadHeader header;
    /// A batch with the same bytes that is unfinished (or just being accepted out of another file), or
    /// finished less than a day ago, the newest; or the one of which this file is a leftover, however old.
    std::optional<BatchRow> duplicate;
    /// The duplicate was accepted from this very file, which nobody has touched since: a crash came between
    /// accepting it and clearing it away, or it could not be cleared away. A file that was linked or moved
    /// into the folder after that is a new wish, even if its bytes, its inode and its times are the old ones.
    bool leftover = false;
    /// The machine's fault, not the file's (no process, no space for the copy): try again later. Empty
    /// otherwise.
    std::string trouble;
};

/// What a person wants of a batch, whatever its storyboard says.
struct Wishes {
    std::optional<int> priority; ///< Of all its shots.
    bool now = false;            ///< At any hour.
};

class Intake {
public:
    struct Options {
        std::string program; ///< The reeld executable, for the reading process.
        std::filesystem::path output;
        ReadLimits limits;
    };

    Intake(App& app, ModelLookup& models, Options options);
    ~Intake();
    Intake(const Intake&) = delete;
    Intake& operator=(const Intake&) = delete;

    using OnRead = std::function<void(const Reading&)>;
    /// The batch that was accepted, or why it could not be (nothing is left of it then).
    using OnAccepted = std::function<void(std::optional<BatchKey>, const std::string& error)>;

    using Ticket = std::uint64_t;

    /// Reads a file. Models that nobody knows are looked up first. `on_read` is called once, from the loop.
    Ticket read(const StoryboardFile& file, OnRead on_read);

    /// Accepts what was read well. Called at most once per ticket, any time after its `on_read`; a duplicate
    /// is accepted as a new batch: the caller has decided. The wishes hold from the first create on.
    void accept(Ticket ticket, OnAccepted on_accepted, const Wishes& wishes = {});

    /// For a leftover, or any duplicate whose folder is there: gives the accepted batch its storyboard.yaml,
    /// should a crash have come before, or the disk have failed. Ends the ticket.
    [[nodiscard]] std::string complete_leftover(Ticket ticket);

    /// Forgets a reading that will not be accepted.
    void drop(Ticket ticket);

private:
    struct Task;
    void start(const std::shared_ptr<Task>& task);
    void on_header(const std::shared_ptr<Task>& task, ReadHeader&& header);
    void read_again(const std::weak_ptr<Task>& weak);
    void report(const std::shared_ptr<Task>& task);
    void next_portion(const std::shared_ptr<Task>& task);
    void on_portion(const std::shared_ptr<Task>& task, std::vector<StoryboardShot>&& shots,
                    const std::optional<std::string>& error);
    void finish(const std::shared_ptr<Task>& task);
    void fail(const std::shared_ptr<Task>& task, const std::string& error);
    void find_duplicate(Task& task) const;
    [[nodiscard]] std::string open_batch(Task& task);
    [[nodiscard]] std::string place_copy(Task& task, const std::filesystem::path& folder);

    App& app_;
    ModelLookup& models_;
    Options options_;
    Ticket last_ticket_ = 0;
    std::map<Ticket, std::shared_ptr<Task>> tasks_;
};

} // namespace reeld
