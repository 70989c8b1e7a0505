#include "daemon/reader/child_end.h"

#include "daemon/reader/reader_child.h"
#include "jobs/storyboard/byte_count.h"

#include <chrono>
#include <csignal>
#include <fmt/format.h>

namespace reeld {

namespace {

std::string seconds_in_words(Duration duration) {
    return fmt::format("{:g} s", std::chrono::duration<double>(duration).count());
}

} // namespace

std::string why_child_ended(const ChildEnd& end, const ReadLimits& limits) {
    if (end.exited && end.code == static_cast<int>(ChildExit::no_memory)) {
        return fmt::format("reading it took more than {} of memory (storyboard.memory): split the file",
                           bytes_in_words(limits.memory_bytes_max));
    }
    if (!end.exited && end.code == SIGXCPU) {
        return fmt::format("reading it took more than {} of processor time (storyboard.cpu): split the file",
                           seconds_in_words(limits.cpu_max));
    }
    if (!end.exited && end.code == SIGKILL) {
        return "the process that read it was killed, perhaps because the machine ran out of memory: try "
               "again, or split the file";
    }
    return fmt::format(
        "the process that read it ended early ({} {}); nothing of the file was used, so please report this",
        end.exited ? "exit code" : "signal", end.code);
}

std::string why_out_of_time(const ReadLimits& limits) {
    return fmt::format("reading it took longer than {} (storyboard.time): split the file",
                       seconds_in_words(limits.time_max));
}

} // namespace reeld
