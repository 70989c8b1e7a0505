#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/requests.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace reeld;
using namespace reeld::eachlabs;
using namespace std::chrono;

namespace {

constexpr std::string_view kDate = "Mon, 23 Nov 2026 08:30:00 GMT";

template <typename Verdict>
Verdict list(std::string_view body, int status = 200) {
    const ListVerdict read =
        read_list({.status = status, .body = body, .retry_after = "7", .date = kDate, .content_type = {}});
    CAPTURE(body);
    REQUIRE(std::holds_alternative<Verdict>(read));
    return std::get<Verdict>(read);
}

std::vector<std::string> ids(const ExecutionPage& page) {
    std::vector<std::string> ids;
    for (const Execution& execution : page.executions) ids.push_back(execution.id);
    return ids;
}

/// A page of `count` rows as the provider writes it, with the limit that it applied.
std::string page_of(std::size_t count, std::size_t limit) {
    std::string rows;
    for (std::size_t i = 0; i < count; ++i) rows += fmt::format(R"({}{{"id":"p{}"}})", i == 0 ? "" : ",", i);
    return fmt::format(R"({{"executions":[{}],"total_count":{},"total_capped":false,"offset":0,"limit":{}}})",
                       rows, count, limit);
}

} // namespace

TEST_CASE("the provider's documented page is read whole") {
    const auto page = list<ExecutionPage>(
        R"({"executions":[)"
        R"({"id":"exec_2","model":"m","requested_model":null,"status":"starting","execution_cost":0,)"
        R"("created_at":"2026-11-23T08:29:59.5Z","started_at":null,"completed_at":null,"output":null},)"
        R"({"id":"exec_1","model":"m","status":"success","created_at":"2026-11-23T09:00:00+01:00"}],)"
        R"("total_count":2,"total_capped":false,"offset":0,"limit":100})");
    REQUIRE(ids(page) == std::vector<std::string>{"exec_2", "exec_1"});
    const sys_days day{2026y / 11 / 23};
    CHECK(page.executions[0].created_at == day + 8h + 29min + 59s + 500ms);
    CHECK(page.executions[1].created_at == day + 8h);
    CHECK(page.rows == 2);
    CHECK_FALSE(page.unreadable);
    CHECK(page.as_of == day + 8h + 30min);
}

TEST_CASE("rows are understood under other names, and without one") {
    for (const std::string_view body :
         {R"([{"id":"p"}])", R"({"data":[{"id":"p"}]})", R"({"items":[{"id":"p"}]})",
          R"({"executions":[{"predictionID":"p","id":"e"}]})",
          R"({"executions":[{"prediction_id":"p"}],"data":[{"id":"q"}]})"})
        CHECK(ids(list<ExecutionPage>(body)) == std::vector<std::string>{"p"});
}

TEST_CASE("an empty page is a page") {
    for (const std::string_view body :
         {R"({"executions":[]})", "[]", R"({"executions":null,"total_count":0})",
          R"({"executions":null,"total_count":0,"total_capped":false})"}) {
        const auto page = list<ExecutionPage>(body);
        CHECK(page.rows == 0);
        CHECK_FALSE(page.unreadable);
        CHECK(page.as_of.has_value());
    }
}

TEST_CASE("a row without an id that is believed counts as a row, and the page proves no absence") {
    const std::string too_long(kPredictionIdBytesMax + 1, 'x');
    for (const std::string& row :
         {std::string{R"({"model":"m"})"}, std::string{R"({"id":""})"}, std::string{R"({"id":5})"},
          std::string{R"({"id":null})"}, std::string{R"({"id":"a b"})"}, std::string{R"({"id":".."})"},
          std::string{R"({"id":"é"})"}, R"({"id":")" + too_long + R"("})", std::string{"null"},
          std::string{"\"p\""}, std::string{"[]"}}) {
        CAPTURE(row);
        const auto page = list<ExecutionPage>(R"({"executions":[{"id":"p"},)" + row + R"(,{"id":"q"}]})");
        CHECK(page.unreadable);
        CHECK(page.rows == 3);
        CHECK(ids(page) == std::vector<std::string>{"p", "q"});
    }
}

TEST_CASE("a row's time that nobody can read is left out and does no harm") {
    for (const std::string_view time : {R"("yesterday")", "1764000000", "null", R"("")"}) {
        const auto page =
            list<ExecutionPage>(fmt::format(R"({{"executions":[{{"id":"p","created_at":{}}}]}})", time));
        CHECK(ids(page) == std::vector<std::string>{"p"});
        CHECK_FALSE(page.executions[0].created_at);
        CHECK_FALSE(page.unreadable);
    }
}

TEST_CASE("a page that is full by a smaller limit than was asked for proves no absence") {
    CHECK(list<ExecutionPage>(page_of(20, 20)).unreadable);
    CHECK_FALSE(list<ExecutionPage>(page_of(19, 20)).unreadable);
    CHECK_FALSE(list<ExecutionPage>(page_of(20, kListLimit)).unreadable);
    CHECK_FALSE(list<ExecutionPage>(page_of(kListLimit, kListLimit)).unreadable);
    CHECK_FALSE(list<ExecutionPage>(page_of(0, 0)).unreadable);
}

TEST_CASE("a page without a readable date has no time of its own") {
    const Answer answer{
        .status = 200, .body = "[]", .retry_after = {}, .date = "yesterday", .content_type = {}};
    CHECK_FALSE(std::get<ExecutionPage>(read_list(answer)).as_of);
}

TEST_CASE("a good answer without a list is no news, and the cause says so") {
    for (const std::string_view body :
         {"", "5", "{}", "<html><title>Log in</title></html>", "\xff", "[{\"id\":\"p\"}",
          R"({"executions":{}})", R"({"executions":null})", R"({"executions":null,"total_count":3})",
          R"({"total_count":0})", R"({"executions":null,"total_count":0,"total_capped":true})",
          R"({"error":"no"})"}) {
        const auto news = list<NoNews>(body);
        CHECK(news.http_status == 200);
        CHECK(news.cause.starts_with("HTTP 200: "));
        CHECK(news.cause.ends_with(" (no list of executions)"));
        CHECK_FALSE(news.key_rejected);
    }
}

TEST_CASE("a list that is refused is no news, and no word about any prediction") {
    for (const int status : {201, 206, 301, 400, 401, 403, 404, 405, 429, 500, 503}) {
        CAPTURE(status);
        const auto news = list<NoNews>(R"({"error":"no","executions":[]})", status);
        CHECK(news.http_status == status);
        CHECK(news.cause == fmt::format("HTTP {}: no", status));
        CHECK(news.key_rejected == (status == 401 || status == 403));
        CHECK_FALSE(news.unknown_prediction);
        CHECK(news.retry_after == Duration{7s});
    }
}
