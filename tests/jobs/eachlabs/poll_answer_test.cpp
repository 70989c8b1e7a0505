#include "tests/jobs/eachlabs/plain_answer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace reeld;
using namespace reeld::eachlabs;
using reeld::test::answer;
using namespace std::chrono_literals;

namespace {

template <typename Verdict>
Verdict poll(std::string_view body, int status = 200) {
    const PollVerdict read = read_poll(answer(status, body));
    CAPTURE(body);
    REQUIRE(std::holds_alternative<Verdict>(read));
    return std::get<Verdict>(read);
}

std::string with_status(std::string_view status) {
    return R"({"id":"p","output":"https://x.test/v.mp4","status":")" + std::string{status} + R"("})";
}

} // namespace

TEST_CASE("every synonym of a status is understood, in any case") {
    for (const std::string_view status : {"success", "succeeded", "completed", "SUCCESS", "Completed"})
        CHECK(poll<Rendered>(with_status(status)).urls == std::vector<std::string>{"https://x.test/v.mp4"});
    for (const std::string_view status : {"error", "failed", "Error", "FAILED"})
        poll<Failure>(with_status(status));
    for (const std::string_view status : {"cancelled", "canceled", "CANCELED"})
        poll<Cancelled>(with_status(status));
}

TEST_CASE("an unknown status means still running") {
    for (const std::string_view status :
         {"created", "starting", "processing", "queued", "IN_PROGRESS", "reticulating"})
        CHECK(poll<Pending>(with_status(status)).status == status);
}

TEST_CASE("the provider's documented answers are read whole") {
    const auto rendered = poll<Rendered>(
        R"({"id":"p","input":{"prompt":"x"},"status":"success","output":"https://x.test/v.mp4","logs":null,)"
        R"("metrics":{"predict_time":158.5,"cost":0.98},)"
        R"("urls":{"cancel":"https://a.test/c","get":"https://a.test/g"}})");
    CHECK(rendered == Rendered{.urls = {"https://x.test/v.mp4"}, .predict_time_s = 158.5, .cost_usd = 0.98});
    CHECK(poll<Rendered>(R"({"predictionID":"p","status":"success","output":"https://x.test/v.mp4"})") ==
          Rendered{.urls = {"https://x.test/v.mp4"}, .predict_time_s = {}, .cost_usd = {}});
}

TEST_CASE("times and costs may be numbers or text, and nonsense is left out") {
    struct Row {
        std::string_view json;
        std::optional<double> value;
    };
    for (const Row& row : std::vector<Row>{{"12.5", 12.5},
                                           {"0", 0.0},
                                           {"3", 3.0},
                                           {R"("2.5")", 2.5},
                                           {"-1", {}},
                                           {R"("-1")", {}},
                                           {R"("nan")", {}},
                                           {R"("inf")", {}},
                                           {"NaN", {}},
                                           {"Infinity", {}},
                                           {"-Infinity", {}},
                                           {R"("")", {}},
                                           {R"("2 s")", {}},
                                           {"null", {}},
                                           {"[]", {}},
                                           {"true", {}}}) {
        CAPTURE(row.json);
        const std::string value{row.json};
        const auto rendered = poll<Rendered>(R"({"status":"success","output":"https://x.test/v","metrics":)"
                                             R"({"predict_time":)" +
                                             value + R"(,"cost":)" + value + "}}");
        CHECK(rendered.predict_time_s == row.value);
        CHECK(rendered.cost_usd == row.value);
    }
    CHECK_FALSE(poll<Rendered>(R"({"status":"success","output":"https://x.test/v","metrics":7})").cost_usd);
}

TEST_CASE("a success without a URL is a failure of its own, after which nothing is created by itself") {
    for (const std::string_view output :
         {R"(,"output":"done")", R"(,"output":null)", R"(,"output":[])", ""}) {
        const auto failure =
            poll<Failure>(R"({"status":"success","metrics":{"cost":1})" + std::string{output} + "}");
        CHECK(failure.error.code == "no_output_url");
        CHECK_FALSE(failure.error.message.empty());
        CHECK(failure.would_fail_again);
        CHECK(failure.cost_usd == 1.0);
    }
    CHECK(poll<Failure>(R"({"status":"success","output":{"note":"x"}})").error.details ==
          R"(output: {"note":"x"})");
}

TEST_CASE("a failed prediction keeps its time and its cost") {
    const auto failure =
        poll<Failure>(R"({"status":"error","message":"m","metrics":{"predict_time":4,"cost":0.5}})");
    CHECK(failure.predict_time_s == 4.0);
    CHECK(failure.cost_usd == 0.5);
}

TEST_CASE("a poll that is not answered with a status brings no news") {
    for (const int status : {200, 202}) {
        for (const std::string_view body :
             {"", "{}", "[]", R"({"status":7})", R"({"status":""})", R"({"status":"success)", "<html>",
              R"({"error":"limit","status":429})"}) {
            const auto news = poll<NoNews>(body, status);
            CHECK(news.http_status == status);
            CHECK_FALSE(news.cause.empty());
        }
    }
}

TEST_CASE("no code but a 2xx says anything about the prediction, whatever its body says") {
    for (const int status : {301, 400, 401, 402, 403, 404, 408, 410, 422, 429, 500, 502, 503, 504}) {
        for (const std::string_view body : {R"({"status":"error","message":"no"})",
                                            R"({"status":"success","output":"https://x.test/v"})"}) {
            const auto news = poll<NoNews>(body, status);
            CHECK(news.http_status == status);
            CHECK(news.key_rejected == (status == 401 || status == 403));
            CHECK(news.unknown_prediction == (status == 404));
        }
    }
    CHECK(poll<NoNews>(R"({"error":"Prediction not found"})", 404).cause == "HTTP 404: Prediction not found");
}

TEST_CASE("a proxy's 404 does not make a paid prediction unknown") {
    CHECK_FALSE(poll<NoNews>("<html>nginx</html>", 404).unknown_prediction);
    CHECK_FALSE(poll<NoNews>("", 404).unknown_prediction);
}

TEST_CASE("a poll that is told to wait says how long") {
    Answer late = answer(503, "");
    late.retry_after = "7";
    CHECK(std::get<NoNews>(read_poll(late)).retry_after == Duration{7s});
}
