/// Reads a storyboard in a short-lived child process with limits on memory and time, so that a hostile file
/// costs one file and the loop never waits for a parser.
///
/// The child is this program again, started as `reeld` with the hidden command `read-storyboard`. It gets the
/// open file, a place for the copy, and the request; it sends back a header, and, when the file is good, its
/// shots. It has an empty environment (no key to steal) and no descriptor but those.
///
/// Threading: the loop's. The daemon holds no more of a storyboard than the shots of one answer: while nobody
/// asks for shots the pipe is full and the child waits.
#pragma once

#include "daemon/loop/loop.h"
#include "jobs/storyboard/fault.h"
#include "jobs/storyboard/storyboard.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reeld {

/// The limits on one file; each has its name in the configuration (`storyboard:`).
struct ReadLimits {
    std::uint64_t bytes_max = std::uint64_t{64} << 20;
    std::uint32_t shots_max = 100'000;
    std::uint32_t nesting_max = 64;
    std::uint64_t memory_bytes_max = std::uint64_t{1} << 30; ///< Of the reading process.
    Duration cpu_max = std::chrono::seconds{30};             ///< Of the reading process.
    /// From start to the last shot handed over, waiting for the caller not counted.
    Duration time_max = std::chrono::seconds{60};
};

struct ReadRequest {
    int fd = -1; ///< The file, open for reading, at its start. Borrowed until the constructor returns.
    /// When not -1: the child writes the file's very bytes there and syncs them, also when the file is
    /// faulty. Borrowed likewise; what was written is complete when the header has come.
    int copy_fd = -1;
    /// The storyboard's name when it names none: the file's name without its ending.
    std::string default_name;
    ReadLimits limits;
    /// Slug and JSON Schema, beside the catalog. A schema that cannot be used makes its model an unknown one.
    std::vector<std::pair<std::string, std::string>> learned_models;
};

/// What is known before the first shot is handed over.
struct ReadHeader {
    std::string name;   ///< The storyboard's name. Empty when there are errors.
    std::string sha256; ///< Of the file's bytes, lower-case hex; empty when it could not be read whole.
    std::string hours;  ///< The storyboard's; empty: it has none.
    std::uint32_t shot_count = 0;            ///< 0 when there are errors.
    std::vector<std::string> models;         ///< Slugs in use, each once.
    std::vector<std::string> unknown_models; ///< Those with neither a catalog entry nor a learned schema.
    std::vector<Fault> faults;               ///< Errors and warnings, in the file's order.
    /// The errors speak of this machine (disk full, disk broken), not of the file: it can be tried again
    /// later.
    bool is_trouble = false;

    [[nodiscard]] bool good() const { return shot_count > 0; }
};

/// One reading under way. Destroying it, also from inside its callbacks, ends the child and calls nothing
/// back.
class StoryboardReader {
public:
    /// Called once, from the loop. A reader that died, ran out of memory or time, reports that as a fault
    /// of the file.
    using OnHeader = std::function<void(ReadHeader&&)>;

    /// `program`: the path of the reeld executable (the caller's own /proc/self/exe). Throws
    /// std::system_error when no process can be started.
    StoryboardReader(Loop& loop, const std::string& program, const ReadRequest& request, OnHeader on_header);
    ~StoryboardReader();
    StoryboardReader(const StoryboardReader&) = delete;
    StoryboardReader& operator=(const StoryboardReader&) = delete;

    /// After a good header: asks for up to `count_max` shots (at least 1), in order. The callback comes
    /// from the loop with at least one shot, or with none after the last one, or with an error in words
    /// when the child broke off. One request at a time; the callback may make the next.
    using OnShots = std::function<void(std::vector<StoryboardShot>&&, std::optional<std::string> error)>;
    void next_shots(std::size_t count_max, OnShots on_shots);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The child's whole life: `reeld read-storyboard`. Sets its own limits, reads the request from standard
/// input, answers on standard output. Returns the exit code. Not for people: it expects what
/// StoryboardReader hands it.
int read_storyboard_main();

} // namespace reeld
