#include "daemon/control/page_sessions.h"

#include <doctest/doctest.h>
#include <vector>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

constexpr Instant kThen = Instant{} + 1h;

} // namespace

TEST_CASE("a token opens one session, once") {
    PageSessions sessions({});
    const std::string token = sessions.invite(kThen);
    const auto secret = sessions.enter(token, kThen + 59s);
    REQUIRE(secret);
    CHECK(*secret != token);
    CHECK(sessions.admits(*secret, kThen + 59s));
    CHECK_FALSE(sessions.enter(token, kThen + 59s));
    CHECK_FALSE(sessions.admits(token, kThen + 59s));
}

TEST_CASE("a token is good for a minute, and is gone when it was tried too late") {
    PageSessions sessions({});
    const std::string token = sessions.invite(kThen);
    CHECK_FALSE(sessions.enter(token, kThen + 60s));
    CHECK_FALSE(sessions.enter(token, kThen));
}

TEST_CASE("what is no token opens nothing, and uses none up") {
    PageSessions sessions({});
    CHECK_FALSE(sessions.enter("", kThen));
    const std::string token = sessions.invite(kThen);
    for (const std::string& wrong : {std::string(), token.substr(1), token + '0', std::string(32, '0'),
                                     token.substr(0, 31) + (token.back() == '0' ? '1' : '0')}) {
        CAPTURE(wrong);
        CHECK_FALSE(sessions.enter(wrong, kThen));
        CHECK_FALSE(sessions.admits(wrong, kThen));
    }
    CHECK(sessions.enter(token, kThen));
}

TEST_CASE("a session ends after its time, however often it is used") {
    PageSessions sessions({.session_life = 12h});
    const auto secret = sessions.enter(sessions.invite(kThen), kThen);
    REQUIRE(secret);
    for (Instant at = kThen; at < kThen + 12h; at += 1h) CHECK(sessions.admits(*secret, at));
    CHECK_FALSE(sessions.admits(*secret, kThen + 12h));
}

TEST_CASE("one token or session too many pushes out the oldest") {
    PageSessions sessions({.tokens_max = 2, .sessions_max = 3});
    const std::string first = sessions.invite(kThen);
    const std::string second = sessions.invite(kThen);
    const std::string third = sessions.invite(kThen);
    CHECK_FALSE(sessions.enter(first, kThen));
    std::vector<std::string> secrets = {*sessions.enter(second, kThen), *sessions.enter(third, kThen)};
    for (int more = 0; more < 2; ++more) secrets.push_back(*sessions.enter(sessions.invite(kThen), kThen));
    CHECK_FALSE(sessions.admits(secrets[0], kThen));
    for (std::size_t at = 1; at < secrets.size(); ++at) CHECK(sessions.admits(secrets[at], kThen));
}

} // namespace reeld::test
