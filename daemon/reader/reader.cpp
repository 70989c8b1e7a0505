#include "daemon/reader/reader.h"

#include "daemon/hours/open_spans.h"
#include "daemon/reader/child_end.h"
#include "daemon/reader/messages.h"
#include "daemon/reader/reader_child.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <sys/epoll.h>
#include <unistd.h>

namespace reeld {

namespace {

/// Read per callback, so that a talkative child cannot keep the loop for itself.
constexpr std::size_t kChunkBytes = std::size_t{64} << 10;

/// Writing to a child that has died must be an error (EPIPE), not the end of the daemon.
void ignore_sigpipe() {
    std::signal(SIGPIPE, SIG_IGN);
}

ChildRequest child_request(const ReadRequest& request) {
    return {.parent = static_cast<std::int32_t>(::getpid()),
            .copies = request.copy_fd >= 0,
            .default_name = request.default_name,
            .limits = request.limits,
            .learned_models = request.learned_models,
            .zones = known_zones()};
}

} // namespace

/// Every method that calls the caller back does that last, since the caller may destroy the reader.
struct StoryboardReader::Impl {
    enum class Stage { header, idle, shots, over };

    Impl(Loop& the_loop, const std::string& program, const ReadRequest& request, OnHeader header_callback);

    void start_waiting();
    void stop_waiting();
    void send_request();
    void read_answers();
    void advance();
    void advance_header();
    void advance_shots();
    void break_off(std::string why);
    void check_end();

    Loop& loop;
    ReadLimits limits;
    OnHeader on_header;
    OnShots on_shots;
    ReaderChild child;
    std::string message; ///< What is left to send of the request.
    Stage stage = Stage::header;
    std::string buffer; ///< Read and not yet decoded; never more than a frame and a chunk.
    bool at_end = false;
    std::optional<ChildEnd> end;
    std::vector<std::string> models;
    std::uint32_t shots_left = 0;
    std::size_t wanted = 0;
    Duration time_left;
    std::optional<Instant> waiting_since;
    Loop::Watch request_watch;
    Loop::Watch answers_watch; ///< Only while waiting: a pipe that nobody reads may be at its end for ever.
    Loop::Watch child_watch;
    LoopTimer out_of_time;
    LoopTimer next_turn;
};

StoryboardReader::Impl::Impl(Loop& the_loop, const std::string& program, const ReadRequest& request,
                             OnHeader header_callback)
    : loop(the_loop), limits(request.limits), on_header(std::move(header_callback)),
      child(program, request.fd, request.copy_fd), message(encode_request(child_request(request))),
      time_left(request.limits.time_max),
      out_of_time(the_loop, [this] { break_off(why_out_of_time(limits)); }),
      next_turn(the_loop, [this] { advance(); }) {
    child_watch = loop.watch_child(child.pid(), [this](ChildEnd ended) {
        child.has_ended();
        end = ended;
        advance(); // What it sent before comes first.
    });
    request_watch = loop.watch_fd(child.request.get(), EPOLLOUT, [this](std::uint32_t) { send_request(); });
    start_waiting();
}

void StoryboardReader::Impl::start_waiting() {
    waiting_since = loop.now().at;
    out_of_time.arm_after(time_left);
    if (at_end) return;
    answers_watch = loop.watch_fd(child.answers.get(), EPOLLIN, [this](std::uint32_t) { read_answers(); });
}

void StoryboardReader::Impl::stop_waiting() {
    if (waiting_since) time_left -= std::min(time_left, loop.now().at - *waiting_since);
    waiting_since.reset();
    out_of_time.disarm();
    answers_watch.reset();
}

void StoryboardReader::Impl::send_request() {
    const ssize_t count = ::write(child.request.get(), message.data(), message.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    // A child that has closed its end has died, and that is reported by check_end().
    message.erase(0, count < 0 ? message.size() : static_cast<std::size_t>(count));
    if (!message.empty()) return;
    request_watch.reset();
    child.request.reset();
}

void StoryboardReader::Impl::read_answers() {
    const std::size_t before = buffer.size();
    buffer.resize(before + kChunkBytes);
    const ssize_t count = ::read(child.answers.get(), buffer.data() + before, kChunkBytes);
    const int error = count < 0 ? errno : 0;
    buffer.resize(before + static_cast<std::size_t>(std::max<ssize_t>(0, count)));
    if (error == EAGAIN || error == EINTR) return;
    if (count <= 0) {
        at_end = true;
        answers_watch.reset();
    }
    advance();
}

void StoryboardReader::Impl::advance() {
    if (stage == Stage::header) return advance_header();
    if (stage == Stage::shots) return advance_shots();
}

void StoryboardReader::Impl::advance_header() {
    const Frame frame = next_frame(buffer);
    const bool whole = frame.bytes > 0;
    if (frame.is_broken || (whole && frame.kind != FrameKind::header))
        return break_off("its reader sent nonsense");
    if (!whole) return check_end();
    std::optional<ReadHeader> header = decode_header(frame.content, limits);
    if (!header) return break_off("its reader sent a header that cannot be true");
    buffer.erase(0, frame.bytes);
    models = header->models;
    shots_left = header->shot_count;
    stage = header->good() ? Stage::idle : Stage::over;
    stop_waiting();
    const OnHeader callback = std::move(on_header);
    callback(std::move(*header));
}

void StoryboardReader::Impl::advance_shots() {
    std::vector<StoryboardShot> shots;
    std::size_t used = 0;
    while (shots.size() < std::min<std::size_t>(wanted, shots_left)) {
        const Frame frame = next_frame(std::string_view(buffer).substr(used));
        if (frame.is_broken) return break_off("its reader sent nonsense");
        if (frame.bytes == 0) break;
        std::optional<StoryboardShot> shot;
        if (frame.kind == FrameKind::shot) shot = decode_shot(frame.content, models);
        if (!shot) return break_off("its reader sent a shot that cannot be true");
        shots.push_back(std::move(*shot));
        used += frame.bytes;
    }
    if (shots.empty() && shots_left > 0) return check_end();
    buffer.erase(0, used);
    shots_left -= static_cast<std::uint32_t>(shots.size());
    stage = shots.empty() ? Stage::over : Stage::idle;
    stop_waiting();
    const OnShots callback = std::move(on_shots);
    callback(std::move(shots), std::nullopt);
}

/// Reports a child that is gone. What it has sent is decoded first, so both its end and the pipe's must be
/// known.
void StoryboardReader::Impl::check_end() {
    const bool waits = stage == Stage::header || stage == Stage::shots;
    if (!waits || !at_end || !end) return;
    break_off(why_child_ended(*end, limits));
}

void StoryboardReader::Impl::break_off(std::string why) {
    const Stage broken = std::exchange(stage, Stage::over);
    stop_waiting();
    request_watch.reset();
    child.kill();
    if (broken == Stage::header) {
        ReadHeader header;
        header.faults.push_back(
            {.severity = Severity::error, .place = {}, .message = std::move(why), .excerpt = {}});
        const OnHeader callback = std::move(on_header);
        callback(std::move(header));
    } else if (broken == Stage::shots) {
        const OnShots callback = std::move(on_shots);
        callback({}, std::move(why));
    }
}

StoryboardReader::StoryboardReader(Loop& loop, const std::string& program, const ReadRequest& request,
                                   OnHeader on_header) {
    ignore_sigpipe();
    impl_ = std::make_unique<Impl>(loop, program, request, std::move(on_header));
}

StoryboardReader::~StoryboardReader() = default;

void StoryboardReader::next_shots(std::size_t count_max, OnShots on_shots) {
    assert(count_max > 0 && impl_->stage != Impl::Stage::header && impl_->stage != Impl::Stage::shots);
    impl_->on_shots = std::move(on_shots);
    impl_->wanted = count_max;
    impl_->stage = Impl::Stage::shots;
    impl_->start_waiting();
    impl_->next_turn.arm_at(Instant{}); // Shots may be in the buffer already, with nothing more to come.
}

} // namespace reeld
