#include "daemon/app/resolve.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

constexpr const char* kSent = R"({"prompt":"A gull lands.","duration":"5"})";

std::string why_not(std::string body, int status = 200) {
    HttpAnswer answer;
    answer.outcome = HttpAnswer::Outcome::answered;
    answer.status = status;
    answer.body = std::move(body);
    return why_not_its(kSent, "abc-1", answer);
}

} // namespace

TEST_CASE("a prediction that a person names is the shot's when the provider tells of it") {
    CHECK(why_not(R"({"id":"abc-1","status":"processing"})").empty());
    CHECK(why_not(R"({"id":"abc-1","status":"error","input":{"prompt":"A gull lands."}})").empty());
    CHECK(why_not(R"({"id":"abc-1","status":"success","input":{"duration":5}})").empty());
}

TEST_CASE("a prediction with another text is another's, and so is one that the provider does not know") {
    CHECK(why_not(R"({"id":"abc-1","status":"processing","input":{"prompt":"A dog barks."}})") ==
          "cannot have prediction abc-1: it was created with another input");
    CHECK(why_not(R"({"error":"no such prediction"})", 404)
              .starts_with("cannot have prediction abc-1: the provider knows none of that id"));
}

TEST_CASE("what the provider cannot be asked for now has to be said again") {
    const std::string begin =
        "cannot have prediction abc-1 before it was looked up, and the provider does not tell of it: ";
    CHECK(why_not("busy", 502) == begin + "HTTP 502: busy. Say it again when it does");
    CHECK(why_not(R"({"id":"abc-2","status":"processing"})")
              .starts_with(begin + "its answer does not name it"));
    HttpAnswer lost;
    lost.cause = "the connection was closed";
    CHECK(why_not_its(kSent, "abc-1", lost).starts_with(begin + "the connection was closed"));
}

} // namespace reeld::test
