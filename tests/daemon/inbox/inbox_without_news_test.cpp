#include "tests/daemon/inbox/watched_folder.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace reeld;
using namespace reeld::test;

namespace {

/// Exit codes of the child.
constexpr int kHeld = 0;
constexpr int kBroken = 1;
constexpr int kUnavailable = 77;

/// A file is found by scans, and that there is no news is told once.
int run_without_news() {
    WatchedFolder watched(kOften);
    watched.start();
    put_text(watched.path("a.yaml"), "x");
    if (!watched.until_offers(1)) return kBroken;
    watched.inbox->taken();
    put_text(watched.path("b.yaml"), "x");
    if (!watched.until_offers(2) || watched.troubles.size() != 1) return kBroken;
    const bool is_told = watched.troubles.front().find("cannot get news of the watch folder") == 0 &&
                         watched.troubles.front().find("fs.inotify.max_user_instances") != std::string::npos;
    return is_told ? kHeld : kBroken;
}

} // namespace

TEST_CASE("where inotify is used up, that is told once and files are found by scans") {
    const pid_t child = ::fork();
    if (child == 0) {
        // The limit is that of a user namespace, so a child can have one of its own.
        if (::unshare(CLONE_NEWUSER) != 0) ::_exit(kUnavailable);
        put_text("/proc/sys/user/max_inotify_instances", "0");
        if (text_of("/proc/sys/user/max_inotify_instances") != "0\n") ::_exit(kUnavailable);
        ::_exit(run_without_news());
    }
    REQUIRE(child > 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == kUnavailable) {
        MESSAGE("not tested: no user namespace can be made here");
        return;
    }
    CHECK(status == 0);
}
