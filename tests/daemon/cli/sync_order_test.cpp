// The order in which the real program writes, syncs and sends, as the kernel saw it: strace tells. A program
// that is killed cannot show whether its journal was on the disk; only this order can.

#include "tests/support/night.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <sstream>

namespace reeld::test {

namespace {

constexpr int kShots = 12;

/// The lines of the trace, in the order in which the calls returned; the program has one thread.
std::vector<std::string> trace_of_a_run() {
    Night night({"--time", "20ms"});
    const auto file = night.write("harbor.yaml", Night::storyboard(kShots));
    auto start = night.reeld({"run", file});
    // Strings as long as a page of the journal; -y names the file behind a descriptor.
    const std::vector<std::string> strace = {"/usr/bin/strace",
                                             "-qq",
                                             "-y",
                                             "-s",
                                             "8192",
                                             "-o",
                                             "trace",
                                             "-e",
                                             "trace=write,writev,pwrite64,fdatasync,fsync,sendto,sendmsg"};
    start.words.insert(start.words.begin(), strace.begin(), strace.end());
    start.environment["ASAN_OPTIONS"] = "detect_leaks=0"; // The leak sanitizer does not work under a tracer.
    REQUIRE(run_program(start).exit_code == 0);
    std::vector<std::string> lines;
    std::istringstream text(read_file(night.folder() / "trace"));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

bool has(const std::string& line, const char* text) {
    return line.find(text) != std::string::npos;
}

bool is_sync_of_log(const std::string& line) {
    return (line.starts_with("fdatasync(") || line.starts_with("fsync(")) && has(line, "-wal>") &&
           line.ends_with("= 0");
}

bool is_create(const std::string& line) {
    return has(line, "\"POST /v1/prediction/ ");
}

std::string request_id_in(const std::string& line) {
    constexpr std::string_view kHeader = "X-Request-Id: ";
    const auto at = line.find(kHeader);
    if (at == std::string::npos) return "";
    const auto begin = at + kHeader.size();
    return line.substr(begin, line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", begin) - begin);
}

struct Order {
    int creates = 0;
    int unsynced = 0; ///< Creates that left before their intent was written to the journal's log and synced.
};

/// Looks at every create whether the log was synced after its request id had been written there.
Order order_in(const std::vector<std::string>& trace) {
    Order order;
    for (auto sent = trace.begin(); sent != trace.end(); ++sent) {
        if (!is_create(*sent)) continue;
        ++order.creates;
        const auto id = request_id_in(*sent);
        const auto written = std::find_if(trace.begin(), sent, [&](const std::string& line) {
            return line.starts_with("pwrite64(") && has(line, "-wal>") && !id.empty() &&
                   has(line, id.c_str());
        });
        if (std::none_of(written, sent, is_sync_of_log)) ++order.unsynced;
    }
    return order;
}

} // namespace

TEST_CASE("between the intent of every create and the first byte of its request the journal is synced") {
    auto trace = trace_of_a_run();
    const auto order = order_in(trace);
    CHECK(order.creates == kShots);
    CHECK(order.unsynced == 0);
    // What this sees can be missing: without the syncs no create is in order.
    std::erase_if(trace, is_sync_of_log);
    CHECK(order_in(trace).unsynced == kShots);
}

} // namespace reeld::test
