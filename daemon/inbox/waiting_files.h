/// What the inbox remembers of the files in the watch folder: which are still being written, which are ready,
/// which one is offered, and which were told to be hopeless.
///
/// Knows names, versions and instants only; looks at no file and no clock. Memory is bounded by `files_max`;
/// whatever is beyond that is found again when there is room.
#pragma once

#include "daemon/inbox/file_version.h"
#include "jobs/queue/time.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace reeld {

/// How many files are remembered at a time; with names of usual length about 20 MB.
inline constexpr std::size_t kFilesTrackedMax = 100'000;

/// How long a writer may pause before its file counts as closed. Some file systems tell of writes and never
/// of a close, such as folders of a host that a virtual machine shows to a container.
inline constexpr Duration kWriterPauseMax = std::chrono::minutes{10};

/// A file becomes ready in one of two ways: by an arrival (closed after writing, renamed into place) after
/// which it keeps its version for the quiet time, or by keeping its version from one scan to the next. The
/// quiet time is there for writers that close and open again, as a shell script does with `>>`.
///
/// A file that was modified and has not arrived since is being written. It does not become ready before it
/// arrives, or its writer has paused for kWriterPauseMax.
class WaitingFiles {
public:
    explicit WaitingFiles(Duration quiet_time, std::size_t files_max = kFilesTrackedMax)
        : quiet_time_(quiet_time), files_max_(files_max) {}

    /// An event told of the file, which now has this version. Of the file that is offered, it is remembered.
    void arrived(std::string_view name, const FileVersion& version, Instant now);

    /// An event told that the file is being written. Costs a look into a map, since a large file has many.
    void modified(std::string_view name, Instant now);
    /// An event told that the file is no longer under this name: what comes under it is another one.
    void left(std::string_view name);
    /// Events were lost: files that were being written may have been closed.
    void forget_writers();

    /// A scan saw the file. Between begin_scan() and end_scan(), which forgets those that were not seen.
    void scanned(std::string_view name, const FileVersion& version);
    void begin_scan(Instant now);
    void end_scan();

    /// The next file whose quiet time is over at `now`, if any: look at it and call looked() at once.
    [[nodiscard]] std::optional<std::string> quiet_over(Instant now);
    /// `version`: std::nullopt when the file is gone.
    void looked(const std::string& name, const std::optional<FileVersion>& version, Instant now);
    /// When to ask quiet_over() again; Instant::max() when nothing waits.
    [[nodiscard]] Instant next_quiet_over() const;

    /// A file that was found ready, as it was then.
    struct Ready {
        std::string name;
        FileVersion version;
    };
    [[nodiscard]] bool has_ready() const { return !ready_.empty(); }
    /// The first ready file by name becomes the offered one, until gone(), stays() or dismiss() says what
    /// became of it. Precondition: has_ready().
    [[nodiscard]] Ready offer_first();

    /// The file left the folder.
    void gone(const std::string& name);
    /// The file waits for another look: after the quiet time when it arrived again while it was offered,
    /// else when a scan finds it as it is now.
    void stays(const std::string& name, const FileVersion& version, Instant now);
    /// Nothing can be done with this version of the file; another one, or another mode, is another chance.
    void dismiss(const std::string& name, const FileVersion& version);

    /// Whether this is not what was told last of this version of the file: a trouble that stays is told once.
    [[nodiscard]] bool is_news(const std::string& name, const std::string& trouble);

    /// The folder is gone, and all that was known of it but for the offered file.
    void clear();

    [[nodiscard]] std::size_t size() const { return files_.size(); }

private:
    enum class State : std::uint8_t { settling, quiet, ready, offered, dismissed };
    struct File {
        State state = State::settling;
        bool arrived_again = false;        ///< While it was offered.
        std::optional<Instant> written_at; ///< Last modified, and not arrived since.
        std::uint32_t scan = 0;            ///< The last one that saw it.
        FileVersion version;               ///< As it was last seen.
        Instant quiet_until;               ///< When `quiet`.
        std::string told;                  ///< The last trouble that was told of it.
    };
    using Files = std::map<std::string, File, std::less<>>;

    Files::iterator find_or_add(std::string_view name);
    void wait_quietly(Files::iterator file, const FileVersion& version, Instant now);
    void make_ready(Files::iterator file, const FileVersion& version, Instant now);
    void settle(Files::iterator file, const FileVersion& version);

    Duration quiet_time_;
    std::size_t files_max_;
    std::uint32_t scan_ = 0;
    Instant scan_at_{}; ///< When it began.
    Files files_;
    std::set<std::string, std::less<>> ready_;
    std::deque<std::pair<Instant, std::string>>
        quiet_; ///< At most one entry for each file in `quiet`, oldest first.
};

} // namespace reeld
