/// Runs the operator's program when a batch has ended: `on_batch_end`.
///
/// The program is started with its words as they are configured, never by a shell, in the batch's folder,
/// with the environment of command_environment.h, nothing on its standard input, and its output taken line by
/// line. One that takes longer than `timeout` is killed with all that it has started in its group; what it
/// leaves behind in the background when it ends in time is left alone. at_once_max run at a time, the others
/// wait their turn.
///
/// Nothing depends on it: a program that is missing, fails or hangs is told and changes nothing else. Each
/// end of a batch runs it *at most once*. It is started after the journal knows of the manifest; when reeld
/// ends between the two, or before its turn has come, that batch's is never run, and manifest.json alone
/// tells of its end.
///
/// Threading: the loop's, which it never holds up. Ownership: borrows the loop. Its destructor kills what
/// runs.
#pragma once

#include "daemon/app/paperwork.h"
#include "daemon/loop/loop.h"
#include "daemon/metrics/metrics.h"

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

class BatchEndCommands {
public:
    static constexpr std::size_t at_once_max = 4;
    /// More batches than that end in no night; of a flood, the later ones are dropped.
    static constexpr std::size_t waiting_max = 1000;
    /// Of one program's output; the rest is read and thrown away.
    static constexpr std::size_t output_bytes_max = std::size_t{64} << 10;

    struct Options {
        std::vector<std::string>
            words; ///< The program's path, then its arguments. Empty: nothing is ever run.
        Duration timeout = std::chrono::seconds{60};
        std::vector<std::string> environment; ///< Of this program, "NAME=value".
        std::string key;                      ///< To be kept from the program.
    };
    /// Must not destroy the caller.
    struct Reports {
        /// A line of output, without its end. It may hold anything.
        std::function<void(const std::string& batch, std::string_view line)> said;
        /// How it ended, in one sentence that names the batch.
        std::function<void(const std::string& batch, CommandEnd end, const std::string& sentence)> ended;
    };

    BatchEndCommands(Loop& loop, Options options, Reports reports);
    ~BatchEndCommands();
    BatchEndCommands(const BatchEndCommands&) = delete;
    BatchEndCommands& operator=(const BatchEndCommands&) = delete;

    /// The batch's manifest is on disk, and the journal knows it.
    void batch_ended(const WrittenManifest& manifest);

    /// Calls `idle` once, when nothing runs and nothing waits: from within this call if that is so already.
    void when_idle(std::function<void()> idle);

    /// Kills what runs and drops what waits, and whatever comes later; tells each.
    void drop_all();

    [[nodiscard]] std::size_t running() const { return runs_.size(); }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
    struct Run;

    void start_next();
    void start(const WrittenManifest& manifest);
    void read_output(Run& run);
    void take_lines(Run& run);
    void end(Run& run, const ChildEnd& how);
    void check_idle();
    void drop(const std::string& batch, std::string_view why);

    Loop& loop_;
    Options options_;
    Reports reports_;
    std::list<std::unique_ptr<Run>> runs_;
    std::deque<WrittenManifest> waiting_;
    std::function<void()> idle_;
    bool dropping_ = false; ///< drop_all() was called.
};

} // namespace reeld
