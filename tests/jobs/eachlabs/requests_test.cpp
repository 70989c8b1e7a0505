#include "jobs/eachlabs/requests.h"

#include <doctest/doctest.h>

using namespace reeld::eachlabs;

TEST_CASE("a create goes to the path with the slash at its end and carries its request id") {
    const Call call = create_call("kling-v3-pro-text-to-video", R"({"prompt":"a gull"})", "reeld-1-2");
    CHECK(call.method == "POST");
    CHECK(call.path == "/prediction/");
    CHECK(call.body == R"({"model":"kling-v3-pro-text-to-video","input":{"prompt":"a gull"}})");
    CHECK(call.headers ==
          std::vector<std::string>{"Content-Type: application/json", "X-Request-Id: reeld-1-2"});
}

TEST_CASE("the input is sent byte for byte as it was checked") {
    const std::string input = R"({"cfg_scale":0.50,"n":12345678901234567890,"p":"\u00fc ü \/ {}"})";
    CHECK(create_call("m", input, "r").body == R"({"model":"m","input":)" + input + "}");
}

TEST_CASE("a model's name cannot break out of its JSON string") {
    CHECK(create_call("m", "{}", "r", {.url = "https://x.test/h/t", .secret = "s\"t"}).body ==
          R"({"model":"m","input":{},"webhook_url":"https://x.test/h/t","webhook_secret":"s\"t"})");
    CHECK(create_call("a\"b\\c\n", "{}", "r").body == R"({"model":"a\"b\\c\n","input":{}})");
}

TEST_CASE("polls and cancels name their prediction, percent-encoded") {
    CHECK(poll_call("abc-123_X.~") ==
          Call{.method = "GET", .path = "/prediction/abc-123_X.~", .body = {}, .headers = {}});
    CHECK(poll_call("../a b?c#d%é").path == "/prediction/..%2Fa%20b%3Fc%23d%25%C3%A9");
    CHECK(cancel_call("a/b") ==
          Call{.method = "POST", .path = "/prediction/a%2Fb/cancel", .body = {}, .headers = {}});
}

TEST_CASE("the list is asked for by model, from an instant of the provider's clock, page by page") {
    using namespace std::chrono;
    const auto from = sys_days{2026y / 11 / 23} + 1h + 2min + 3s + 4'999us;
    CHECK(list_call("a&b=c", from, 200) ==
          Call{.method = "GET",
               .path = "/executions?model=a%26b%3Dc&from=2026-11-23T01%3A02%3A03.004Z&limit=100&offset=200",
               .body = {},
               .headers = {}});
    CHECK(list_call("m", std::nullopt, 0).path == "/executions?model=m&limit=100&offset=0");
}

TEST_CASE("a model is asked for by its slug, percent-encoded") {
    CHECK(model_call("a&b=c") ==
          Call{.method = "GET", .path = "/model?slug=a%26b%3Dc", .body = {}, .headers = {}});
}

TEST_CASE("the key travels in the header that was configured") {
    CHECK(key_header(Auth::x_api_key, "sk-1") == "X-API-Key: sk-1");
    CHECK(key_header(Auth::bearer, "sk-1") == "Authorization: Bearer sk-1");
}
