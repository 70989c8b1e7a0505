#include "tests/jobs/queue/driven_queue.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("a restart does not create a retried shot again while its retry renders") {
    DrivenQueue queue;
    queue.accept(1, shots(1));
    queue.accepted_creates();
    queue.now += 1min;
    queue.failed({1, 0});
    queue.now = queue.idle_until();
    REQUIRE(queue.accepted_creates().size() == 1);
    queue.restart();
    queue.now += 10min;
    CHECK(queue.creates().empty());
}

} // namespace reeld::test
