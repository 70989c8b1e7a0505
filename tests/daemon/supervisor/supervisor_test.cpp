#include "daemon/supervisor/supervisor.h"

#include "tests/support/notify_socket.h"

#include <doctest/doctest.h>

namespace reeld::test {

using namespace std::chrono_literals;

namespace {

struct Supervised {
    /// Turns the loop until something is told.
    std::string next_message() {
        for (;;) {
            if (auto message = socket.receive(); !message.empty()) return message;
            loop.turn(1s);
        }
    }

    NotifySocket socket;
    Loop loop;
    std::string words = "nothing to render";
    Supervisor supervisor{loop, [this] { return words; }, 10ms};
};

} // namespace

TEST_CASE("a daemon that is ready says so, with its words") {
    Supervised it;
    CHECK(it.socket.receive() == "");
    it.supervisor.ready();
    CHECK(it.socket.receive() == "READY=1\nSTATUS=nothing to render");
}

TEST_CASE("words that have changed are told once, and the latest of them") {
    Supervised it;
    it.supervisor.ready();
    static_cast<void>(it.socket.receive());
    it.words = "1 batch";
    it.supervisor.changed();
    it.words = "2 batches";
    it.supervisor.changed();
    CHECK(it.next_message() == "STATUS=2 batches");
    it.words = "3 batches";
    it.supervisor.changed();
    CHECK(it.next_message() == "STATUS=3 batches"); // So the second one was not told twice.
}

TEST_CASE("before it is ready, a daemon tells no words, and none that begin another message") {
    Supervised it;
    it.words = "a name\nREADY=1";
    it.supervisor.changed();
    CHECK(it.socket.receive() == "");
    it.supervisor.ready();
    CHECK(it.socket.receive() == "READY=1\nSTATUS=a name READY=1");
}

TEST_CASE("a daemon that stops says so, and asks for the time that it may take") {
    Supervised it;
    it.supervisor.ready();
    static_cast<void>(it.socket.receive());
    it.supervisor.stopping(20s);
    const std::string message = it.socket.receive();
    CHECK(message.starts_with("STOPPING=1\nEXTEND_TIMEOUT_USEC=20000000\nSTATUS="));
}

TEST_CASE("without a supervisor nothing is told, and nothing fails") {
    Loop loop;
    Supervisor supervisor(
        loop, [] { return std::string("words"); }, 10ms);
    CHECK_NOTHROW(supervisor.ready());
    CHECK_NOTHROW(supervisor.changed());
    CHECK_NOTHROW(supervisor.stopping(1s));
}

} // namespace reeld::test
