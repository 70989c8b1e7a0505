#include "daemon/notify/batch_end_commands.h"

#include "daemon/notify/command_environment.h"
#include "daemon/spawn/spawn_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>

namespace reeld {

namespace {

/// Read per callback; a pipe holds sixteen of them.
constexpr std::size_t kOutputChunkBytes = 4096;

/// A line without an end is told in pieces of this size.
constexpr std::size_t kOutputLineBytesMax = 4096;

/// Descriptors of a child are first put here and above, out of the way of its 0 to 2.
constexpr int kFirstSafeFd = 10;

constexpr const char* kWhat = "the program of on_batch_end";

int checked(int result) {
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), fmt::format("cannot start {}", kWhat));
    return result;
}

struct OutputPipe {
    Fd ours; ///< To read from; never waits.
    Fd its;
};

OutputPipe make_output_pipe() {
    std::array<int, 2> ends{};
    checked(::pipe2(ends.data(), O_CLOEXEC));
    OutputPipe pipe{.ours = Fd{ends[0]}, .its = Fd{ends[1]}};
    checked(::fcntl(pipe.ours.get(), F_SETFL, O_NONBLOCK));
    pipe.its = Fd{checked(::fcntl(pipe.its.get(), F_DUPFD_CLOEXEC, kFirstSafeFd))};
    return pipe;
}

std::string in_words(const ChildEnd& end) {
    if (end.exited) return end.code == 0 ? "succeeded" : fmt::format("failed with exit code {}", end.code);
    return fmt::format("was ended by signal {}", end.code);
}

} // namespace

/// One program under way, or one that could not be started.
struct BatchEndCommands::Run {
    explicit Run(Loop& loop)
        : timeout(loop, [this] {
              timed_out = true;
              kill_group();
          }) {}
    ~Run() {
        if (pid <= 0) return;
        kill_group();
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Not after it was waited for: its number may be another's by then.
    void kill_group() const {
        ::kill(-pid, SIGKILL);
        ::kill(pid, SIGKILL); // It may have left its group.
    }

    std::string batch;
    pid_t pid = -1; ///< -1 as well once somebody else waits for it.
    Instant started_at{};
    bool timed_out = false;
    Fd output;
    std::string unfinished;     ///< The beginning of a line.
    std::size_t bytes_said = 0; ///< Of the output, so far.
    Loop::Watch output_watch;
    Loop::Watch child_watch;
    LoopTimer timeout;
};

BatchEndCommands::BatchEndCommands(Loop& loop, Options options, Reports reports)
    : loop_(loop), options_(std::move(options)), reports_(std::move(reports)) {}

BatchEndCommands::~BatchEndCommands() = default;

void BatchEndCommands::batch_ended(const WrittenManifest& manifest) {
    if (options_.words.empty()) return;
    if (dropping_) return drop(manifest.name, "is not run any more: reeld ends");
    if (waiting_.size() >= waiting_max)
        return drop(manifest.name, fmt::format("is not run: {} batches wait for it already", waiting_max));
    waiting_.push_back(manifest);
    start_next();
}

void BatchEndCommands::start_next() {
    while (runs_.size() < at_once_max && !waiting_.empty()) {
        const WrittenManifest next = std::move(waiting_.front());
        waiting_.pop_front();
        try {
            start(next);
        } catch (const std::system_error& error) {
            reports_.ended(next.name, CommandEnd::not_started,
                           fmt::format("{}: {} (on_batch_end) could not be started: {}", next.name,
                                       options_.words.front(), error.code().message()));
        }
    }
}

void BatchEndCommands::start(const WrittenManifest& manifest) {
    auto pipe = make_output_pipe();
    SpawnPlan plan(kWhat);
    plan.run_in(manifest.folder);
    plan.place_nothing(STDIN_FILENO);
    plan.place(pipe.its, STDOUT_FILENO);
    plan.place(pipe.its, STDERR_FILENO);
    plan.close_from(STDERR_FILENO + 1);
    plan.lead_group();
    plan.reset_signals();

    auto made = std::make_unique<Run>(loop_);
    Run& run = *made;
    run.batch = manifest.name;
    run.started_at = loop_.now().at;
    run.output = std::move(pipe.ours);
    run.pid = plan.run(options_.words.front(), options_.words,
                       command_environment(options_.environment, options_.key, manifest));
    run.timeout.arm_after(options_.timeout);
    run.output_watch =
        loop_.watch_fd(run.output.get(), EPOLLIN, [this, &run](std::uint32_t) { read_output(run); });
    run.child_watch = loop_.watch_child(run.pid, [this, &run](ChildEnd how) { end(run, how); });
    runs_.push_back(std::move(made));
}

void BatchEndCommands::read_output(Run& run) {
    std::array<char, kOutputChunkBytes> chunk{};
    const ssize_t count = ::read(run.output.get(), chunk.data(), chunk.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        run.output_watch.reset(); // It may run on without anything to say.
        run.output.reset();
        return;
    }
    const std::size_t left = output_bytes_max - std::min(run.bytes_said, output_bytes_max);
    const auto taken = std::min(static_cast<std::size_t>(count), left);
    run.bytes_said += taken;
    run.unfinished.append(chunk.data(), taken);
    take_lines(run);
}

void BatchEndCommands::take_lines(Run& run) {
    std::size_t begin = 0;
    while (begin < run.unfinished.size()) {
        const std::size_t end = run.unfinished.find('\n', begin);
        const std::size_t left = run.unfinished.size() - begin;
        if (end == std::string::npos && left < kOutputLineBytesMax) break;
        const std::size_t length =
            std::min(end == std::string::npos ? left : end - begin, kOutputLineBytesMax);
        reports_.said(run.batch, std::string_view(run.unfinished).substr(begin, length));
        begin += length;
        if (begin == end) ++begin;
    }
    run.unfinished.erase(0, begin);
}

void BatchEndCommands::end(Run& run, const ChildEnd& how) {
    // What it said last may still be in the pipe; what it left in the background may speak on, unheard.
    for (std::size_t chunks = 0; run.output && chunks * kOutputChunkBytes < output_bytes_max; ++chunks) {
        const std::size_t before = run.bytes_said;
        read_output(run);
        if (run.bytes_said == before) break;
    }
    if (!run.unfinished.empty()) reports_.said(run.batch, run.unfinished);
    const auto own =
        std::find_if(runs_.begin(), runs_.end(), [&](const auto& it) { return it.get() == &run; });
    const std::unique_ptr<Run> ended = std::move(*own);
    runs_.erase(own);
    ended->pid = -1; // The loop waits for it.
    const double seconds = std::chrono::duration<double>(loop_.now().at - ended->started_at).count();
    const bool good = how.exited && how.code == 0;
    const auto result = ended->timed_out ? CommandEnd::timed_out
                        : good           ? CommandEnd::succeeded
                                         : CommandEnd::failed;
    const auto what = ended->timed_out
                          ? std::string("was killed, since it took longer than on_batch_end_timeout")
                          : in_words(how);
    reports_.ended(ended->batch, result,
                   fmt::format("{}: {} (on_batch_end) {} after {:.1f} s", ended->batch,
                               options_.words.front(), what, seconds));
    start_next();
    check_idle();
}

void BatchEndCommands::when_idle(std::function<void()> idle) {
    idle_ = std::move(idle);
    check_idle();
}

void BatchEndCommands::check_idle() {
    if (idle_ && runs_.empty() && waiting_.empty()) std::exchange(idle_, {})();
}

void BatchEndCommands::drop(const std::string& batch, std::string_view why) {
    reports_.ended(batch, CommandEnd::dropped,
                   fmt::format("{}: {} (on_batch_end) {}", batch, options_.words.front(), why));
}

void BatchEndCommands::drop_all() {
    const auto runs = std::exchange(runs_, {});
    const auto waiting = std::exchange(waiting_, {});
    dropping_ = true;
    for (const auto& run : runs) drop(run->batch, "is killed: reeld ends");
    for (const auto& manifest : waiting) drop(manifest.name, "is not run any more: reeld ends");
    check_idle();
}

} // namespace reeld
