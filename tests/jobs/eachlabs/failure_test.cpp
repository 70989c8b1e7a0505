#include "jobs/eachlabs/failure.h"

#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/words.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace reeld;
using namespace reeld::eachlabs;

namespace {

Failure failure(std::string_view json) {
    CAPTURE(json);
    const auto body = parse_body(json);
    REQUIRE(body);
    return read_failure(*body);
}

} // namespace

TEST_CASE("the error envelope gives code, message and category") {
    const auto read = failure(
        R"({"status":"error","output":{"error_code":"kling_1301","error_message":"The prompt is unsafe",)"
        R"("classification":{"category":"VALIDATION"},"retryable":false},"logs":"step 1\nstep 2"})");
    CHECK(read.error.code == "kling_1301");
    CHECK(read.error.message == "The prompt is unsafe");
    CHECK(read.error.details == "category: VALIDATION; logs: step 1 step 2");
    CHECK(read.would_fail_again);
}

TEST_CASE("a failure's message is found wherever the provider put it") {
    struct Row {
        std::string_view body;
        std::string_view message;
    };
    const std::vector<Row> rows = {
        {R"({"output":{"error_message":"a"},"message":"b"})", "a"},
        {R"({"output":{"message":"a"},"message":"b"})", "a"},
        {R"({"output":{"error":"a"}})", "a"},
        {R"({"output":[{"error":"a"}]})", "a"},
        {R"({"output":[{"error":{"message":"a"}}]})", "a"},
        {R"({"output":"it broke"})", "it broke"},
        {R"({"message":"b","details":"c"})", "b"},
        {R"({"details":"c"})", "c"},
        {R"({"error":"d"})", "d"},
        {R"({"logs":"start\nprogress\nit burnt\n"})", "it burnt"},
        {R"({"output":"https://x.test/v"})", "the provider gave no reason"},
        {R"({"output":[]})", "the provider gave no reason"},
        {R"({})", "the provider gave no reason"},
        {R"({"output":7,"message":7,"logs":7,"error":7})", "the provider gave no reason"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(failure(row.body).error.message == row.message);
    }
}

TEST_CASE("a failure's code is the provider's, else its category, else a word of ours") {
    CHECK(failure(R"({"output":{"error_code":1301}})").error.code == "1301");
    CHECK(failure(R"({"output":{"error_code":"rate limit\n"}})").error.code == "rate_limit");
    CHECK(failure(R"({"error_code":"content_moderation"})").error.code == "content_moderation");
    CHECK(failure(R"({"error":{"code":"x","message":"y"}})").error.code == "x");
    CHECK(failure(R"({"output":{"classification":{"category":"TIMEOUT"}}})").error.code == "timeout");
    CHECK(failure("{}").error.code == "prediction_failed");
}

TEST_CASE("details are kept beside the message and not said twice") {
    CHECK(failure(R"({"message":"m","details":{"a":1}})").error.details == R"({"a":1})");
    CHECK(failure(R"({"details":"c"})").error.details.empty());
    CHECK(failure(R"({"message":"m","output":{"details":"inner"}})").error.details == "inner");
    const std::string log(100'000, 'x');
    CHECK(failure(R"({"message":"m","logs":")" + log + R"("})").error.details.size() <= kDetailsBytesMax);
}

TEST_CASE("another attempt is made or spared by what the provider says, the surest sign first") {
    struct Row {
        std::string_view body;
        bool again;
    };
    const std::vector<Row> rows = {
        // The input is to blame, whatever else is said.
        {R"({"output":{"classification":{"category":"VALIDATION"}}})", true},
        {R"({"output":{"classification":{"category":"validation"},"retryable":true}})", true},
        {R"({"output":{"error_code":"content_moderation","retryable":true}})", true},
        {R"({"output":{"error_code":"CONTENT_MODERATION"}})", true},
        {R"({"output":{"error_code":"invalid_user_input"}})", true},
        {R"({"error_code":"invalid_model_config"})", true},
        {R"({"output":{"classification":{"category":"content_moderation"}}})", true},
        // The provider says so.
        {R"({"output":{"classification":{"category":"PROVIDER"},"retryable":false}})", true},
        {R"({"output":{"classification":{"category":"PROVIDER","retryable":false}}})", true},
        {R"({"output":{"retryable":"false"}})", true},
        {R"({"retryable":false})", true},
        {R"({"output":{"error_message":"failed moderation","retryable":true}})", false},
        // The provider is to blame.
        {R"({"output":{"classification":{"category":"PROVIDER"},"error_message":"safety valve"}})", false},
        {R"({"output":{"classification":{"category":"NETWORK"}}})", false},
        {R"({"output":{"classification":{"category":"TIMEOUT"}}})", false},
        {R"({"output":{"classification":{"category":"INTERNAL"}}})", false},
        {R"({"output":{"classification":{"category":"RATE_LIMIT"}}})", false},
        {R"({"output":{"classification":{"category":"AUTH"}}})", false},
        {R"({"output":{"classification":{"category":"UNKNOWN"}}})", false},
        {R"({"output":{"error_code":"execution_timeout"}})", false},
        {R"({"output":{"error_code":"provider_error","error_message":"unsafe? prohibited"}})", false},
        {R"({"output":{"error_code":"provider_unavailable"}})", false},
        {R"({"output":{"error_code":"provider_rate_limit"}})", false},
        {R"({"output":{"error_code":"provider_auth"}})", false},
        {R"({"output":{"error_code":"internal_error"}})", false},
        {R"({"output":{"error_code":"unknown"}})", false},
        // Nothing formal is said: the words decide.
        {R"({"message":"Rejected by Content Policy"})", true},
        {R"({"message":"Failure to pass the risk control system"})", true},
        {R"({"error":"NSFW content"})", true},
        {R"({"output":{"error_code":"moderation_blocked"}})", true},
        {R"({"message":"out of memory"})", false},
        {R"({"message":"m","output":{"retryable":"perhaps"}})", false},
        {"{}", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(failure(row.body).would_fail_again == row.again);
    }
}
