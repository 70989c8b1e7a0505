#include "daemon/log.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

using namespace reeld;

namespace {

constexpr WallTime kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{1} +
                          std::chrono::minutes{2} + std::chrono::milliseconds{3004};

/// A log into a pipe, whose lines a test can look at.
class Logged {
public:
    explicit Logged(Log::Form form = Log::Form::plain, LogLevel least = LogLevel::debug,
                    Log::SendEntry send_entry = nullptr)
        : log{{.fd = open_pipe(), .form = form, .least = least, .send_entry = send_entry}, [] {
                  return kNow;
              }} {}
    ~Logged() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Logged(const Logged&) = delete;
    Logged& operator=(const Logged&) = delete;

    /// What was written since the last call. Only call it after something was written.
    std::string text() {
        std::string text(2 * kLogLineBytesMax, '\0');
        const ssize_t size = ::read(ends_[0], text.data(), text.size());
        REQUIRE(size > 0);
        text.resize(static_cast<std::size_t>(size));
        return text;
    }

private:
    int open_pipe() {
        REQUIRE(::pipe(ends_.data()) == 0);
        return ends_[1];
    }
    std::array<int, 2> ends_{};

public:
    Log log;
};

/// A log into a journal that keeps the last entry. One at a time.
class Journalled {
public:
    Journalled() { last_entry().clear(); }
    [[nodiscard]] const std::vector<std::string>& entry() const { return last_entry(); }

    Log log{{.fd = -1,
             .form = Log::Form::systemd,
             .send_entry =
                 [](const std::vector<std::string>& fields) {
                     last_entry() = fields;
                     return true;
                 }},
            [] {
                return kNow;
            }};

private:
    static std::vector<std::string>& last_entry() {
        static std::vector<std::string> entry;
        return entry;
    }
};

} // namespace

TEST_CASE("a line has the time, the level, the event, the message and the fields") {
    Logged logged;
    logged.log.info("shot_succeeded", "harbor-teaser/sunrise succeeded after 158 s",
                    {{"batch", "harbor-teaser"}, {"shot", "sunrise"}});
    CHECK(logged.text() == "2026-11-23T01:02:03.004Z info shot_succeeded: harbor-teaser/sunrise succeeded "
                           "after 158 s batch=harbor-teaser shot=sunrise\n");
}

TEST_CASE("under systemd a line starts with its priority and leaves the time to the journal") {
    Logged logged{Log::Form::systemd};
    logged.log.error("key_rejected", "the provider rejected the key");
    logged.log.warning("e", "w");
    logged.log.notice("e", "n");
    logged.log.info("e", "i");
    logged.log.debug("e", "d");
    CHECK(logged.text() ==
          "<3>key_rejected: the provider rejected the key\n<4>e: w\n<5>e: n\n<6>e: i\n<7>e: d\n");
}

TEST_CASE("the journal gets an entry with the event and each value as a field of its own") {
    Journalled journalled;
    journalled.log.hide("the-api-key");
    journalled.log.warning(
        "shot_failed", "harbor-teaser/sunrise failed:\nthe-api-key",
        {{"batch", "harbor-teaser"}, {"predict_time_s", "1.5"}, {"words", "the-api-key\n"}});
    CHECK(journalled.entry() == std::vector<std::string>{"MESSAGE=harbor-teaser/sunrise failed:\\n***",
                                                         "PRIORITY=4", "REELD_EVENT=shot_failed",
                                                         "REELD_BATCH=harbor-teaser",
                                                         "REELD_PREDICT_TIME_S=1.5", "REELD_WORDS=***\n"});
}

TEST_CASE("an entry that the journal does not take becomes a line") {
    Logged logged{Log::Form::systemd, LogLevel::info, [](const std::vector<std::string>&) {
                      return false;
                  }};
    logged.log.info("shot_succeeded", "it did", {{"batch", "harbor"}});
    CHECK(logged.text() == "<6>shot_succeeded: it did batch=harbor\n");
}

TEST_CASE("lines less urgent than the least level are dropped") {
    Logged logged{Log::Form::systemd, LogLevel::notice};
    logged.log.debug("a", "dropped");
    logged.log.info("b", "dropped");
    logged.log.notice("c", "kept");
    CHECK(logged.text() == "<5>c: kept\n");
}

TEST_CASE("text from outside cannot end a line, forge a field or move a terminal's cursor") {
    Logged logged{Log::Form::systemd};
    logged.log.info("e",
                    "one\n<3>two\r\x1b[2J\x7f\xc2\x9b"
                    "K",
                    {{"cause", "a\nb=\"c\" \\"}, {"empty", ""}, {"plain", "x-1"}, {"equals", "a=b"}});
    CHECK(logged.text() == "<6>e: one\\n<3>two\\x0d\\x1b[2J\\x7f\\x9bK cause=\"a\\nb=\\\"c\\\" \\\\\" "
                           "empty=\"\" plain=x-1 equals=\"a=b\"\n");
}

TEST_CASE("a line is well-formed UTF-8 whatever it was given") {
    Logged logged{Log::Form::systemd};
    logged.log.info("e", "a\xFFz \xED\xA0\x80", {{"cause", "cut off \xE2\x82"}});
    CHECK(logged.text() == "<6>e: a\\xffz \\xed\\xa0\\x80 cause=\"cut off \\xe2\\x82\"\n");
}

TEST_CASE("letters beyond ASCII are written as they are") {
    Logged logged{Log::Form::systemd};
    logged.log.info("e", "Möwe über dem Hafen", {{"shot", "möwe"}});
    CHECK(logged.text() == "<6>e: Möwe über dem Hafen shot=möwe\n");
}

TEST_CASE("a hidden secret appears neither in a message nor in a value") {
    Logged logged{Log::Form::systemd};
    logged.log.hide("sk-12345");
    logged.log.hide("sk-12345-longer");
    logged.log.info("e", "sent sk-12345sk-12345", {{"header", "X-API-Key: sk-12345-longer"}});
    CHECK(logged.text() == "<6>e: sent ****** header=\"X-API-Key: ***\"\n");
}

TEST_CASE("a secret too short to be one is not hidden, or no line could be read") {
    Logged logged{Log::Form::systemd};
    logged.log.hide("");
    logged.log.hide("abc");
    logged.log.info("e", "abc");
    CHECK(logged.text() == "<6>e: abc\n");
}

TEST_CASE("a line is cut between two characters when it is too long") {
    Logged logged{Log::Form::systemd};
    std::string umlauts;
    while (umlauts.size() < 2 * kLogLineBytesMax) umlauts += "ü";
    logged.log.info("e", umlauts);
    const std::string line = logged.text();
    CHECK(line.size() <= kLogLineBytesMax + 4); // "…" and the newline.
    CHECK(line.ends_with("ü…\n"));
}

TEST_CASE("a log that cannot be written does not stop its daemon") {
    Log log{{.fd = -1, .form = Log::Form::plain, .least = LogLevel::info}, [] {
                return kNow;
            }};
    CHECK_NOTHROW(log.error("e", "nobody listens"));
}

TEST_CASE("the journal's form is used only when the descriptor is the journal's own") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    struct stat status {};
    REQUIRE(::fstat(ends[1], &status) == 0);
    const std::string own = fmt::format("{}:{}", status.st_dev, status.st_ino);
    CHECK(log_form_for(ends[1], own.c_str()) == Log::Form::systemd);
    CHECK(log_form_for(ends[1], "8:1") == Log::Form::plain);
    CHECK(log_form_for(ends[1], "") == Log::Form::plain);
    CHECK(log_form_for(ends[1], nullptr) == Log::Form::plain);
    CHECK(log_form_for(-1, own.c_str()) == Log::Form::plain);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("each level has a word that reads back") {
    for (const LogLevel level :
         {LogLevel::error, LogLevel::warning, LogLevel::notice, LogLevel::info, LogLevel::debug})
        CHECK(parse_log_level(to_word(level)) == level);
    CHECK_FALSE(parse_log_level("INFO"));
    CHECK_FALSE(parse_log_level(""));
}
