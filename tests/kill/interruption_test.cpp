#include "tests/kill/interruption.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

void check_injured(const std::string& what, const std::string& call, int number) {
    CAPTURE(what);
    CAPTURE(call);
    CAPTURE(number);
    const auto aftermath = injure({.what = what, .call = call, .number = number});
    CHECK(aftermath.reached);
    CHECK(aftermath.fault == "");
}

} // namespace

// A sample: tests/kill/run tries every call.
TEST_CASE("a run that is killed at a call to the kernel goes on, pays nothing twice, and loses nothing") {
    check_injured("signal=SIGKILL", "sendto", 2);    // A create is about to leave.
    check_injured("signal=SIGKILL", "recvfrom", 9);  // An answer has come.
    check_injured("signal=SIGKILL", "fdatasync", 6); // Facts are not durable yet.
    check_injured("signal=SIGKILL", "pwrite64", 60);
    check_injured("signal=SIGKILL", "rename", 1); // A file is whole, and not there.
}

TEST_CASE("a run whose journal or output fails once ends with a reason or goes on, and pays nothing twice") {
    check_injured("error=EIO", "fdatasync", 8);
    check_injured("error=ENOSPC", "pwrite64", 50);
    check_injured("error=ENOSPC", "linkat", 1); // The storyboard's copy is made up for by the next start.
}

} // namespace reeld::test
