#include "daemon/inbox/waiting_files.h"

#include <doctest/doctest.h>

using namespace reeld;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1h};
constexpr Duration kQuiet = 500ms;

/// The n-th version of some file.
FileVersion version(int n) {
    return {.device = 1, .inode = 2, .size_bytes = n, .modified_ns = n, .changed_ns = n};
}

void scan(WaitingFiles& files, std::initializer_list<std::pair<const char*, int>> seen, Instant at = kStart) {
    files.begin_scan(at);
    for (const auto& [name, n] : seen) files.scanned(name, version(n));
    files.end_scan();
}

} // namespace

TEST_CASE("a file that arrived is ready when it was left alone for the quiet time") {
    WaitingFiles files(kQuiet);
    CHECK(files.next_quiet_over() == Instant::max());
    files.arrived("a", version(1), kStart);
    CHECK(files.next_quiet_over() == kStart + kQuiet);
    CHECK_FALSE(files.quiet_over(kStart + kQuiet - 1us));
    REQUIRE(files.quiet_over(kStart + kQuiet) == "a");
    CHECK_FALSE(files.has_ready());
    files.looked("a", version(1), kStart + kQuiet);
    REQUIRE(files.has_ready());
    const WaitingFiles::Ready ready = files.offer_first();
    CHECK(ready.name == "a");
    CHECK(ready.version == version(1));
    CHECK_FALSE(files.has_ready());
}

TEST_CASE("a file that arrives again while it is waited for begins its quiet time anew") {
    WaitingFiles files(kQuiet);
    files.arrived("a", version(1), kStart);
    files.arrived("a", version(2), kStart + 400ms);
    CHECK_FALSE(files.quiet_over(kStart + 500ms));
    CHECK(files.quiet_over(kStart + 900ms) == "a");
}

TEST_CASE("a file that grew without an arrival is waited for again") {
    WaitingFiles files(kQuiet);
    files.arrived("a", version(1), kStart);
    REQUIRE(files.quiet_over(kStart + 500ms));
    files.looked("a", version(2), kStart + 500ms);
    CHECK_FALSE(files.has_ready());
    REQUIRE(files.quiet_over(kStart + 1s));
    files.looked("a", version(2), kStart + 1s);
    CHECK(files.has_ready());
}

TEST_CASE("a ready file that arrives again is not ready any more") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    scan(files, {{"a", 1}});
    REQUIRE(files.has_ready());
    files.arrived("a", version(2), kStart);
    CHECK_FALSE(files.has_ready());
    CHECK(files.quiet_over(kStart + kQuiet) == "a");
}

TEST_CASE("a file is ready when two scans in a row saw the same version") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    CHECK_FALSE(files.has_ready());
    scan(files, {{"a", 2}});
    CHECK_FALSE(files.has_ready());
    scan(files, {{"a", 2}});
    CHECK(files.has_ready());
}

TEST_CASE("a file that a scan no longer sees is forgotten") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}, {"b", 1}});
    scan(files, {{"a", 1}, {"b", 1}});
    scan(files, {{"b", 1}});
    CHECK(files.size() == 1);
    CHECK(files.offer_first().name == "b");
    CHECK_FALSE(files.has_ready());
}

TEST_CASE("a file that arrives during a scan which has passed its name is not forgotten") {
    WaitingFiles files(kQuiet);
    files.begin_scan(kStart);
    files.arrived("a", version(1), kStart);
    files.end_scan();
    CHECK(files.quiet_over(kStart + kQuiet) == "a");
}

TEST_CASE("of the ready files the first by name is offered, each once") {
    WaitingFiles files(kQuiet);
    scan(files, {{"c", 1}, {"a", 1}, {"b", 1}});
    scan(files, {{"c", 1}, {"a", 1}, {"b", 1}});
    CHECK(files.offer_first().name == "a");
    CHECK(files.offer_first().name == "b");
    scan(files, {{"c", 1}, {"a", 1}, {"b", 1}});
    CHECK(files.offer_first().name == "c");
    CHECK_FALSE(files.has_ready());
}

TEST_CASE("a file that stays is offered again after the next scan") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    scan(files, {{"a", 1}});
    REQUIRE(files.offer_first().name == "a");
    files.stays("a", version(1), kStart);
    CHECK_FALSE(files.has_ready());
    scan(files, {{"a", 1}});
    CHECK(files.has_ready());
}

TEST_CASE("a file that arrived again while it was offered and stays needs no scan") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    scan(files, {{"a", 1}});
    REQUIRE(files.offer_first().name == "a");
    files.arrived("a", version(2), kStart);
    CHECK_FALSE(files.quiet_over(kStart + 1h));
    files.stays("a", version(2), kStart);
    CHECK(files.quiet_over(kStart + kQuiet) == "a");
}

TEST_CASE("a dismissed version is not offered again, the next one is") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    scan(files, {{"a", 1}});
    files.dismiss(files.offer_first().name, version(1));
    scan(files, {{"a", 1}});
    scan(files, {{"a", 1}});
    CHECK_FALSE(files.has_ready());
    scan(files, {{"a", 2}});
    scan(files, {{"a", 2}});
    CHECK(files.has_ready());
}

TEST_CASE("the same trouble with the same version is news once") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    CHECK(files.is_news("a", "cannot read"));
    CHECK_FALSE(files.is_news("a", "cannot read"));
    CHECK(files.is_news("a", "cannot move"));
    scan(files, {{"a", 1}});
    CHECK_FALSE(files.is_news("a", "cannot move"));
    files.stays("a", version(2), kStart);
    CHECK(files.is_news("a", "cannot move"));
}

TEST_CASE("a folder that is gone takes all but the offered file with it") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}, {"b", 1}});
    scan(files, {{"a", 1}, {"b", 1}});
    files.arrived("c", version(1), kStart);
    REQUIRE(files.offer_first().name == "a");
    files.clear();
    CHECK(files.size() == 1);
    CHECK_FALSE(files.has_ready());
    CHECK_FALSE(files.quiet_over(kStart + 1h));
    files.gone("a");
    CHECK(files.size() == 0);
}

TEST_CASE("no more files are remembered than the limit says, and what is beyond it comes later") {
    WaitingFiles files(kQuiet, 2);
    scan(files, {{"a", 1}, {"b", 1}, {"c", 1}});
    files.arrived("d", version(1), kStart);
    CHECK(files.size() == 2);
    CHECK_FALSE(files.quiet_over(kStart + kQuiet));
    scan(files, {{"b", 1}, {"c", 1}});
    scan(files, {{"b", 1}, {"c", 1}});
    CHECK(files.offer_first().name == "b");
    files.gone("b");
    scan(files, {{"c", 1}});
    CHECK(files.offer_first().name == "c");
}

TEST_CASE("a file that is being written is not ready however many scans see the same, and is by its close") {
    WaitingFiles files(kQuiet);
    files.modified("a", kStart);
    for (int i = 0; i < 5; ++i) scan(files, {{"a", 1}});
    CHECK_FALSE(files.has_ready());
    files.modified("a", kStart);
    files.arrived("a", version(2), kStart);
    REQUIRE(files.quiet_over(kStart + kQuiet) == "a");
    files.looked("a", version(2), kStart + kQuiet);
    CHECK(files.has_ready());
}

TEST_CASE("where writes are told and closes are not, a file is ready some minutes after its last write") {
    WaitingFiles files(kQuiet);
    files.modified("a", kStart);
    files.modified("a", kStart + 1min);
    for (int i = 0; i < 2; ++i) scan(files, {{"a", 1}}, kStart + kWriterPauseMax);
    CHECK_FALSE(files.has_ready());
    scan(files, {{"a", 1}}, kStart + 1min + kWriterPauseMax);
    CHECK(files.has_ready());
}

TEST_CASE("a file that is written again after its close waits for the next one") {
    WaitingFiles files(kQuiet);
    files.arrived("a", version(1), kStart);
    files.modified("a", kStart);
    REQUIRE(files.quiet_over(kStart + kQuiet) == "a");
    files.looked("a", version(1), kStart + kQuiet);
    scan(files, {{"a", 1}});
    CHECK_FALSE(files.has_ready());
    files.arrived("a", version(1), kStart + 1h);
    REQUIRE(files.quiet_over(kStart + 1h + kQuiet) == "a");
    files.looked("a", version(1), kStart + 1h + kQuiet);
    REQUIRE(files.has_ready());
    files.modified("a", kStart);
    CHECK_FALSE(files.has_ready());
}

TEST_CASE("a file that is written while it is offered, and stays, waits for its close") {
    WaitingFiles files(kQuiet);
    scan(files, {{"a", 1}});
    scan(files, {{"a", 1}});
    REQUIRE(files.offer_first().name == "a");
    files.modified("a", kStart);
    files.stays("a", version(2), kStart);
    scan(files, {{"a", 2}});
    scan(files, {{"a", 2}});
    CHECK_FALSE(files.has_ready());
    files.arrived("a", version(2), kStart);
    CHECK(files.quiet_over(kStart + kQuiet) == "a");
}

TEST_CASE("who wrote a file is forgotten with its name, and when events were lost") {
    for (const bool lost : {false, true}) {
        CAPTURE(lost);
        WaitingFiles files(kQuiet);
        files.modified("a", kStart);
        scan(files, {{"a", 1}});
        if (lost) {
            files.forget_writers();
        } else {
            files.left("a");
            files.left("b"); // Of which nothing is known.
        }
        scan(files, {{"a", 1}});
        CHECK(files.has_ready());
    }
}
