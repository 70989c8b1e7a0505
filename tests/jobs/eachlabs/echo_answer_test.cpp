#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/canonical_json.h"

#include <doctest/doctest.h>

#include <string>

using namespace reeld;
using namespace reeld::eachlabs;
using namespace std::chrono_literals;

namespace {

template <typename Verdict>
Verdict echo(std::string_view body, int status = 200) {
    const EchoVerdict read =
        read_echo({.status = status, .body = body, .retry_after = "7", .date = {}, .content_type = {}}, "p");
    CAPTURE(body);
    REQUIRE(std::holds_alternative<Verdict>(read));
    return std::get<Verdict>(read);
}

} // namespace

TEST_CASE("the input that a prediction was created with is read in its canonical text") {
    const std::string_view input =
        R"({"prompt":"a gull","seed":9007199254740993,"cfg_scale":0.5,"shots":[{"n":"4"}]})";
    CHECK(echo<Echo>(R"({"id":"p","input":{"cfg_scale":5e-1,"shots":[{"n":"4"}],"prompt":"\u0061 gull",)"
                     R"("seed":9007199254740993.0},"status":"processing","output":null,"logs":null})")
              .input == canonical_json(input));
    CHECK(echo<Echo>(R"({"input":{}})").input == "{}");
    CHECK(echo<Echo>(R"({"input":{"a":1}})", 203).input == R"({"a":1})");
}

TEST_CASE("an input is read whatever has become of its prediction") {
    for (const std::string status : {"starting", "success", "error", "cancelled", "reticulating"})
        CHECK(echo<Echo>(R"({"id":"p","input":{"a":1},"status":")" + status + R"("})").input == R"({"a":1})");
}

TEST_CASE("an input is not read where the answer names another prediction") {
    CHECK(echo<NoNews>(R"({"id":"q","input":{"a":1}})")
              .cause.ends_with(" (the answer is another prediction's)"));
    CHECK(echo<Echo>(R"({"predictionID":"p","id":"q","input":{"a":1}})").input == R"({"a":1})");
}

TEST_CASE("half an emoji, where a program cut a log, hides no input") {
    CHECK(echo<Echo>(R"({"input":{"a":1},"logs":"cut \ud83c"})").input == R"({"a":1})");
    CHECK(echo<Echo>(R"({"input":{"a":"\udfac"}})").input == "{\"a\":\"\uFFFD\"}");
}

TEST_CASE("a prediction without its input is no news, and the cause says so") {
    for (const std::string_view body :
         {R"({"id":"p","status":"success"})", R"({"input":null})", R"({"input":"{\"a\":1}"})",
          R"({"input":[]})", R"({"data":{"input":{}}})"}) {
        const auto news = echo<NoNews>(body);
        CHECK(news.http_status == 200);
        CHECK(news.cause.ends_with(" (the prediction comes without its input)"));
        CHECK(news.cause.starts_with("HTTP 200: "));
        CHECK_FALSE(news.unknown_prediction);
    }
}

TEST_CASE("an input that names a key twice is no news: it could be either") {
    CHECK(echo<NoNews>(R"({"input":{"a":1,"a":2}})").cause.ends_with(" (an object names a key twice)"));
    CHECK(echo<NoNews>(R"({"input":{"a":1},"input":{"a":1}})")
              .cause.ends_with(" (an object names a key twice)"));
}

TEST_CASE("an echo that is no prediction at all is no news") {
    for (const std::string_view body :
         {"", "[]", "5", "<html><title>Log in</title></html>", "{\"input\":{", "\xff"})
        CHECK(echo<NoNews>(body).cause.ends_with(" (no prediction)"));
}

TEST_CASE("a refusal to show a prediction says whether key or prediction is the trouble") {
    for (const int status : {301, 400, 401, 403, 404, 429, 500, 503}) {
        CAPTURE(status);
        const auto news = echo<NoNews>(R"({"error":"no","input":{"a":1}})", status);
        CHECK(news.http_status == status);
        CHECK(news.cause == "HTTP " + std::to_string(status) + ": no");
        CHECK(news.key_rejected == (status == 401 || status == 403));
        CHECK(news.unknown_prediction == (status == 404));
        CHECK(news.retry_after == Duration{7s});
    }
    CHECK_FALSE(echo<NoNews>("<html>not here</html>", 404).unknown_prediction);
}
