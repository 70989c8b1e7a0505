#include "tests/jobs/eachlabs/plain_answer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace reeld;
using namespace reeld::eachlabs;
using reeld::test::answer;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kProxyPage = "<html><head><title>Not here</title></head></html>";

CreateVerdict verdict(int status, std::string_view body) {
    return read_create(answer(status, body));
}

Refusal refusal(int status, std::string_view body) {
    const CreateVerdict read = verdict(status, body);
    REQUIRE(std::holds_alternative<Refusal>(read));
    return std::get<Refusal>(read);
}

Loss loss(int status, std::string_view body) {
    const CreateVerdict read = verdict(status, body);
    REQUIRE(std::holds_alternative<Loss>(read));
    return std::get<Loss>(read);
}

} // namespace

TEST_CASE("a create that names its prediction is accepted, under every name of the id") {
    for (const std::string_view body :
         {R"({"status":"success","message":"Prediction created successfully","predictionID":"abc-1"})",
          R"({"prediction_id":"abc-1"})", R"({"id":"abc-1","status":"starting"})",
          R"({"id":7,"predictionID":"abc-1"})", R"({"status":"error","predictionID":"abc-1"})"}) {
        for (const int status : {200, 201, 202}) {
            CAPTURE(body);
            const CreateVerdict read = verdict(status, body);
            REQUIRE(std::holds_alternative<Accepted>(read));
            CHECK(std::get<Accepted>(read).prediction == "abc-1");
        }
    }
}

TEST_CASE("success without a usable id is a loss: something may have been created") {
    const std::string long_id =
        R"({"predictionID":")" + std::string(kPredictionIdBytesMax + 1, 'x') + R"("})";
    for (const std::string_view body :
         {std::string_view{""}, std::string_view{"{}"}, std::string_view{"[]"}, std::string_view{"null"},
          std::string_view{R"({"status":"success"})"},
          std::string_view{R"({"status":"error","message":"no"})"},
          std::string_view{R"({"predictionID":""})"}, std::string_view{R"({"predictionID":null})"},
          std::string_view{R"({"predictionID":"a b"})"}, std::string_view{R"({"predictionID":"a\u0000"})"},
          std::string_view{R"({"predictionID":"é"})"}, std::string_view{R"({"predictionID":".."})"},
          std::string_view{R"({"predictionID":"abc)"}, std::string_view{R"(["abc"])"}, kProxyPage,
          std::string_view{long_id}}) {
        CAPTURE(body);
        CHECK(loss(200, body).http_status == 200);
        CHECK(loss(200, body).cause.ends_with("(the answer names no prediction)"));
    }
    CHECK(loss(204, "").http_status == 204);
}

TEST_CASE("the longest id that is believed is accepted") {
    const std::string id(kPredictionIdBytesMax, 'x');
    CHECK(std::holds_alternative<Accepted>(verdict(200, R"({"predictionID":")" + id + R"("})")));
}

TEST_CASE("each refusal has its kind, its code and the provider's own words") {
    struct Row {
        int status;
        RefusalKind kind;
    };
    for (const Row& row : std::vector<Row>{{400, RefusalKind::invalid_input},
                                           {422, RefusalKind::invalid_input},
                                           {404, RefusalKind::unknown_model},
                                           {401, RefusalKind::key_rejected},
                                           {403, RefusalKind::key_rejected},
                                           {402, RefusalKind::no_balance},
                                           {429, RefusalKind::too_fast}}) {
        CAPTURE(row.status);
        for (const std::string_view body : {R"({"status":"error","message":"the words","details":"more"})",
                                            R"({"error":"the words","status":400,"details":"more"})"}) {
            const Refusal read = refusal(row.status, body);
            CHECK(read.kind == row.kind);
            CHECK(read.http_status == row.status);
            CHECK(read.error == ProviderError{.code = "http_" + std::to_string(row.status),
                                              .message = "the words",
                                              .details = "more"});
            CHECK_FALSE(read.retry_after);
        }
    }
}

TEST_CASE("a proxy's page fails no shot and frees none: it is a loss") {
    for (const int status : {400, 404, 422}) {
        for (const std::string_view body :
             {kProxyPage, std::string_view{""}, std::string_view{"no"}, std::string_view{R"("no")"}}) {
            CAPTURE(status);
            CAPTURE(body);
            CHECK(loss(status, body).http_status == status);
        }
    }
    CHECK(loss(404, kProxyPage).cause == "HTTP 404: Not here");
}

TEST_CASE("refusals that only suspend or delay are believed of a proxy too, and have a message") {
    for (const int status : {401, 402, 403, 429}) {
        for (const std::string_view body : {kProxyPage, std::string_view{""}, std::string_view{"{}"}}) {
            CAPTURE(status);
            CHECK_FALSE(refusal(status, body).error.message.empty());
        }
    }
    CHECK(refusal(401, "").error.message == "HTTP 401: an empty answer");
}

TEST_CASE("a 429 that names a cap in flight waits for an end, every other waits for time") {
    struct Row {
        std::string_view body;
        RefusalKind kind;
    };
    const std::vector<Row> rows = {
        {R"({"message":"Too many concurrent predictions"})", RefusalKind::too_many_running},
        {R"({"error":"limit","details":"10 predictions in flight"})", RefusalKind::too_many_running},
        {R"({"error":"limit","details":{"reason":"IN_FLIGHT_CAP","limit":10}})",
         RefusalKind::too_many_running},
        {R"({"error":"limit","details":"Concurrency limit of 10 reached"})", RefusalKind::too_many_running},
        {R"({"error":"Rate limit exceeded","details":"100 creates per minute"})", RefusalKind::too_fast},
        {R"({"error":"limit","details":"too many started at once"})", RefusalKind::too_fast},
        {R"({"error":"limit: 100 per minute or 10 concurrent"})", RefusalKind::too_fast},
        {R"({"error":"Too Many Requests"})", RefusalKind::too_fast},
        {"", RefusalKind::too_fast},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        CHECK(refusal(429, row.body).kind == row.kind);
    }
}

TEST_CASE("a refusal carries its Retry-After, in seconds or as a date") {
    Answer late = answer(429, "{}");
    late.retry_after = "30";
    CHECK(std::get<Refusal>(read_create(late)).retry_after == Duration{30s});
    late.retry_after = "Sun, 06 Nov 1994 08:50:07 GMT";
    late.date = "Sun, 06 Nov 1994 08:49:37 GMT";
    CHECK(std::get<Refusal>(read_create(late)).retry_after == Duration{30s});
}

TEST_CASE("every other code is a loss with its status and the provider's first words") {
    for (const int status : {100, 203, 204, 206, 301, 302, 307, 308, 405, 406, 408, 409, 410, 413, 415,
                             418, 425, 451, 499, 500, 501, 502, 503, 504, 520, 524, 529, 599, 999}) {
        CAPTURE(status);
        const Loss read = loss(status, R"({"status":"error","message":"upstream died"})");
        CHECK(read.http_status == status);
        CHECK(read.cause.starts_with("HTTP " + std::to_string(status) + ": upstream died"));
    }
}

TEST_CASE("a loss that names a prediction tells its id, so that an operator can adopt it") {
    CHECK(loss(500, R"({"error":"timeout","predictionID":"abc-1"})").cause ==
          "HTTP 500: timeout (the answer names prediction abc-1)");
    CHECK(loss(500, R"({"error":"timeout","predictionID":"abc-1"})").named == "abc-1");
    CHECK(loss(500, R"({"error":"timeout"})").named.empty());
}

TEST_CASE("a hostile body is a loss and nothing worse") {
    CHECK(loss(200, std::string(1'000'000, '[')).http_status == 200);
    CHECK(loss(200, std::string("{\"predictionID\":\"x\"}\0<html>", 26)).http_status == 200);
    CHECK(loss(500, "\x1b[2J\xff\n").cause == "HTTP 500: [2J\uFFFD");
}
