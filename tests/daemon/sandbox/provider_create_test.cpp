#include "tests/daemon/sandbox/rig.h"

#include <set>

namespace reeld::sandbox {

using namespace test;

TEST_CASE("a create is answered with the id of a new prediction") {
    Rig rig;
    const Reply reply = rig.create();
    const auto body = json_of(reply.body);
    CHECK(reply.status == 200);
    CHECK(string_member(body, "status") == "success");
    CHECK(string_member(body, "message") == "Prediction created successfully");
    CHECK_FALSE(string_member(body, "predictionID").empty());
    CHECK(rig.created() != string_member(body, "predictionID"));
}

TEST_CASE("a create takes its path with a slash at the end and without") {
    Rig rig;
    const std::string body = R"({"model":"kling-o3-pro-text-to-video","input":{}})";
    CHECK(rig.ask("POST", "/v1/prediction", body).status == 200);
    CHECK(rig.ask("POST", "/v1/prediction/", body).status == 200);
}

TEST_CASE("any key will do, in either header, unless one is given") {
    const auto status = [](const std::string& wanted, std::string_view x_api_key,
                           std::string_view authorization) {
        ProviderOptions options;
        options.key = wanted;
        Rig rig(options);
        Request request = keyless("GET", "/v1/executions");
        request.x_api_key = x_api_key;
        request.authorization = authorization;
        return rig.provider.answer(request, {Rig::kStart, kMorning}).status;
    };
    CHECK(status("", "anything", "") == 200);
    CHECK(status("", "", "Bearer anything") == 200);
    CHECK(status("", "", "") == 401);
    CHECK(status("", "", "Basic anything") == 401);
    CHECK(status("", "", "Bearer ") == 401);
    CHECK(status("secret", "secret", "") == 200);
    CHECK(status("secret", "", "Bearer secret") == 200);
    CHECK(status("secret", "guess", "") == 401);
}

TEST_CASE("a create without a key is refused and makes nothing") {
    Rig rig;
    Request request = keyless("POST", "/v1/prediction/");
    request.body = R"({"model":"kling-o3-pro-text-to-video","input":{}})";
    CHECK(rig.provider.answer(request, {Rig::kStart, kMorning}).status == 401);
    CHECK(rig.provider.report().refused.at("key") == 1);
    CHECK(rig.provider.report().predictions == 0);
}

TEST_CASE("more creates than the rate allows are refused, with the seconds until there is room") {
    ProviderOptions options = ten_seconds();
    options.limits = {.creates = 2, .per = 60s, .concurrent = 10};
    Rig rig(options);
    rig.created();
    rig.passed = 10s;
    rig.created();
    rig.passed = 20'500ms;
    const Reply reply = rig.create();
    CHECK(reply.status == 429);
    CHECK(header_of(reply, "Retry-After") == "40");
    CHECK(string_member(json_of(reply.body), "details") == "more than 2 predictions created in 60 seconds");
    rig.passed = 60s;
    CHECK(rig.create().status == 200);
    CHECK(rig.create().status == 429);
}

TEST_CASE("a refused create is not counted: it makes no prediction and takes no place in the window") {
    ProviderOptions options = ten_seconds();
    options.limits = {.creates = 1, .per = 60s, .concurrent = 10};
    Rig rig(options);
    rig.created();
    for (int i = 0; i < 50; ++i) {
        rig.passed += 1s;
        CHECK(rig.create().status == 429);
    }
    rig.passed = 60s;
    CHECK(rig.create().status == 200);
    CHECK(rig.provider.report().creates_accepted == 2);
    CHECK(rig.provider.report().refused.at("rate") == 50);
    CHECK(rig.provider.report().most_creates_in_window == 1);
}

TEST_CASE("Retry-After is a date or absent when that was asked for") {
    ProviderOptions options = ten_seconds();
    options.limits.creates = 1;
    options.retry_after = RetryAfter::date;
    Rig dated(options);
    dated.created();
    CHECK(header_of(dated.create(), "Retry-After") == "Mon, 25 May 2026 08:31:00 GMT");
    options.retry_after = RetryAfter::none;
    Rig silent(options);
    silent.created();
    CHECK(silent.create().status == 429);
    CHECK(header_of(silent.create(), "Retry-After").empty());
}

TEST_CASE("more predictions at once than allowed are refused until one ends, without Retry-After") {
    ProviderOptions options = ten_seconds();
    options.limits.concurrent = 2;
    Rig rig(options);
    rig.created();
    rig.passed = 4s;
    rig.created();
    const Reply reply = rig.create();
    CHECK(reply.status == 429);
    CHECK(header_of(reply, "Retry-After").empty());
    CHECK(string_member(json_of(reply.body), "details") == "more than 2 concurrent predictions");
    rig.passed = 10s - 1us;
    CHECK(rig.create().status == 429);
    rig.passed = 10s;
    CHECK(rig.create().status == 200);
    CHECK(rig.provider.report().refused.at("concurrent") == 2);
    CHECK(rig.provider.report().most_in_flight == 2);
}

TEST_CASE("speed makes renders shorter and leaves the window of the rate alone") {
    ProviderOptions options = ten_seconds();
    options.limits.creates = 1;
    options.speed = 10;
    Rig rig(options);
    const std::string id = rig.created();
    rig.passed = 1s;
    CHECK(rig.status(id) == "success");
    rig.passed = 59s;
    CHECK(rig.create().status == 429);
}

TEST_CASE("each model takes its own time unless one is given for all") {
    ProviderOptions options;
    options.spread = 0;
    options.models.push_back({"quick", 3s});
    Rig rig(options);
    const std::string kling = rig.created();
    const Reply reply = rig.create("A gull", "quick");
    const std::string quick(string_member(json_of(reply.body), "predictionID"));
    rig.passed = 3s;
    CHECK(rig.status(quick) == "success");
    rig.passed = 160s - 1us;
    CHECK(rig.status(kling) == "processing");
    rig.passed = 160s;
    CHECK(rig.status(kling) == "success");
}

TEST_CASE(
    "a run can be repeated: times follow the seed and the order of creation, not what came in between") {
    const auto times = [](std::uint64_t seed, bool polls) {
        ProviderOptions options;
        options.seed = seed;
        Rig rig(options);
        std::vector<double> drawn;
        for (int i = 0; i < 5; ++i) {
            const std::string id = rig.created();
            if (polls) rig.status(id);
            rig.passed += 1h;
            drawn.push_back(rig.poll(id)["metrics"]["predict_time"].GetDouble());
        }
        return drawn;
    };
    const auto first = times(1, false);
    CHECK(times(1, true) == first);
    CHECK(times(2, false) != first);
    CHECK(std::set<double>(first.begin(), first.end()).size() == 5);
}

TEST_CASE("the same salt gives the same ids again, another one others") {
    const auto first_id = [](std::uint64_t salt) {
        ProviderOptions options;
        options.id_salt = salt;
        return Rig(options).created();
    };
    CHECK(first_id(1) == first_id(1));
    CHECK(first_id(1) != first_id(2));
}

TEST_CASE("an error body follows the document that was asked for") {
    const auto body = [](ErrorShape shape) {
        ProviderOptions options;
        options.error_shape = shape;
        return Rig(options).ask("GET", "/v1/prediction/nobody").body;
    };
    CHECK(body(ErrorShape::pages) ==
          R"({"status":"error","message":"Prediction not found","details":"no prediction nobody"})");
    CHECK(body(ErrorShape::openapi) ==
          R"({"error":"Prediction not found","status":404,"details":"no prediction nobody"})");
    CHECK(string_member(json_of(body(ErrorShape::both)), "message") == "Prediction not found");
    CHECK(string_member(json_of(body(ErrorShape::both)), "error") == "Prediction not found");
}

TEST_CASE("models are listed and described without a key") {
    Rig rig;
    Request request = keyless("GET", "/v1/models");
    const auto all = json_of(rig.provider.answer(request, {Rig::kStart, kMorning}).body);
    REQUIRE(all.IsArray());
    CHECK(all.Size() == 2);
    CHECK(json_of(rig.ask("GET", "/v1/models", "", {{"name", "o3"}}).body).Size() == 1);

    const auto model = json_of(rig.ask("GET", "/v1/model", "", {{"slug", kKling}}).body);
    CHECK(string_member(model, "slug") == kKling);
    CHECK(string_member(model["request_schema"]["properties"]["duration"], "type") == "string");
    CHECK(rig.ask("GET", "/v1/model", "", {{"slug", "kling-v9"}}).status == 404);
    CHECK(rig.ask("GET", "/v1/model").status == 400);
}

} // namespace reeld::sandbox
