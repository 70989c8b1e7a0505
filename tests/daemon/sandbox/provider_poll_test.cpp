#include "tests/daemon/sandbox/rig.h"

namespace reeld::sandbox {

using namespace test;

TEST_CASE("a prediction is created, starts, is processed and succeeds") {
    Rig rig;
    const std::string id = rig.created();
    CHECK(rig.status(id) == "created");
    rig.passed = 500ms;
    CHECK(rig.status(id) == "starting");
    rig.passed = 1s;
    CHECK(rig.status(id) == "processing");
    rig.passed = 10s - 1us;
    CHECK(rig.status(id) == "processing");
    rig.passed = 10s;
    CHECK(rig.status(id) == "success");
}

TEST_CASE("a poll has the fields of both documents") {
    Rig rig;
    const std::string id = rig.created("A gull");
    auto body = rig.poll(id);
    CHECK(string_member(body, "id") == id);
    CHECK(string_member(body, "predictionID") == id);
    CHECK(string_member(body, "model") == kKling);
    CHECK(string_member(body["input"], "prompt") == "A gull");
    CHECK(body["output"].IsNull());
    CHECK(string_member(body["urls"], "get") == "http://127.0.0.1:8080/v1/prediction/" + id);
    CHECK(string_member(body["urls"], "cancel") == "http://127.0.0.1:8080/v1/prediction/" + id + "/cancel");
    rig.passed = 10s;
    body = rig.poll(id);
    CHECK(string_member(body, "output") == "http://127.0.0.1:8080/media/" + id + ".mp4");
    CHECK(body["metrics"]["predict_time"].GetDouble() == 10);
    CHECK(body["metrics"]["cost"].GetDouble() == doctest::Approx(0.5));
}

TEST_CASE("the output takes the shape that was asked for") {
    const auto output = [](OutputShape shape) {
        ProviderOptions options = ten_seconds();
        options.output_shape = shape;
        Rig rig(options);
        const std::string id = rig.created();
        rig.passed = 10s;
        const auto body = rig.poll(id);
        const std::string url = "http://127.0.0.1:8080/media/" + id + ".mp4";
        std::string text = canonical_json(body["output"]);
        return text.replace(text.find(url), url.size(), "URL");
    };
    CHECK(output(OutputShape::string) == R"("URL")");
    CHECK(output(OutputShape::array) == R"(["URL"])");
    CHECK(output(OutputShape::object) == R"({"url":"URL"})");
    CHECK(output(OutputShape::objects) == R"([{"url":"URL"}])");
}

TEST_CASE("mixed outputs take every shape in turn") {
    ProviderOptions options = ten_seconds();
    options.output_shape = OutputShape::mixed;
    Rig rig(options);
    int strings = 0;
    int arrays = 0;
    int objects = 0;
    for (int i = 0; i < 40; ++i) {
        const std::string id = rig.created();
        rig.passed += 10s;
        const auto body = rig.poll(id);
        strings += int{body["output"].IsString()};
        arrays += int{body["output"].IsArray()};
        objects += int{body["output"].IsObject()};
    }
    CHECK(strings > 0);
    CHECK(arrays > 0);
    CHECK(objects > 0);
    CHECK(strings + arrays + objects == 40);
}

TEST_CASE("a failure has the error envelope, both documents' words for it, and costs nothing") {
    Rig rig(always(Ending::moderation));
    bool says_error = false;
    bool says_failed = false;
    for (int i = 0; i < 20; ++i) {
        const std::string id = rig.created();
        rig.passed += 10s;
        const auto body = rig.poll(id);
        says_error = says_error || string_member(body, "status") == "error";
        says_failed = says_failed || string_member(body, "status") == "failed";
        CHECK(string_member(body["output"], "error_code") == "content_moderation");
        CHECK_FALSE(string_member(body["output"], "error_message").empty());
        CHECK(string_member(body["output"]["classification"], "category") == "VALIDATION");
        CHECK_FALSE(body["output"]["retryable"].GetBool());
        CHECK(string_member(body, "message") == string_member(body["output"], "error_message"));
        CHECK(body["metrics"]["cost"].GetDouble() == 0);
    }
    CHECK(says_error);
    CHECK(says_failed);
}

TEST_CASE("every reason to fail has its own code and says whether to try again") {
    const auto envelope = [](Ending ending) {
        Rig rig(always(ending));
        const std::string id = rig.created();
        rig.passed = 10s;
        const auto body = rig.poll(id);
        const auto& output = body["output"];
        return fmt::format("{} {} {}", string_member(output, "error_code"),
                           string_member(output["classification"], "category"),
                           output["retryable"].GetBool());
    };
    CHECK(envelope(Ending::timeout) == "execution_timeout TIMEOUT true");
    CHECK(envelope(Ending::input) == "invalid_user_input VALIDATION false");
    CHECK(envelope(Ending::provider) == "provider_error PROVIDER true");
    CHECK(envelope(Ending::unavailable) == "provider_unavailable PROVIDER true");
    CHECK(envelope(Ending::rate_limit) == "provider_rate_limit RATE_LIMIT true");
    CHECK(envelope(Ending::internal) == "internal_error INTERNAL true");
    CHECK(envelope(Ending::unknown) == "unknown UNKNOWN true");
}

TEST_CASE("a success without output is billed and has no URL") {
    Rig rig(always(Ending::no_output));
    const std::string id = rig.created();
    rig.passed = 10s;
    const auto body = rig.poll(id);
    CHECK(string_member(body, "status") == "success");
    CHECK(body["output"].IsNull());
    CHECK(body["metrics"]["cost"].GetDouble() > 0);
    CHECK(rig.ask("GET", "/media/" + id + ".mp4").status == 404);
}

TEST_CASE("failures are as frequent as their shares say") {
    ProviderOptions options = ten_seconds();
    options.limits = {.creates = 500, .per = 60s, .concurrent = 500};
    options.fail.at(static_cast<std::size_t>(Ending::moderation)) = 0.2;
    Rig rig(options);
    std::vector<std::string> ids;
    for (int i = 0; i < 500; ++i) ids.push_back(rig.created());
    rig.passed = 10s;
    int failed = 0;
    for (const std::string& id : ids) failed += int{rig.status(id) != "success"};
    CHECK(failed == doctest::Approx(100).epsilon(0.2));
}

TEST_CASE("a cancelled prediction ends at once, frees its slot and costs nothing") {
    ProviderOptions options = ten_seconds();
    options.limits.concurrent = 1;
    Rig rig(options);
    const std::string id = rig.created();
    rig.passed = 2s;
    const Reply reply = rig.ask("POST", "/v1/prediction/" + id + "/cancel");
    CHECK(reply.status == 200);
    CHECK(string_member(json_of(reply.body), "status") == "cancelled");
    CHECK(string_member(json_of(reply.body), "predictionID") == id);
    CHECK(rig.status(id) == "cancelled");
    CHECK(rig.poll(id)["metrics"]["cost"].GetDouble() == 0);
    CHECK(rig.create().status == 200);
    CHECK(rig.provider.report().cancels == 1);
}

TEST_CASE("a prediction that has ended cannot be cancelled any more") {
    Rig rig;
    const std::string id = rig.created();
    rig.passed = 10s;
    CHECK(rig.ask("POST", "/v1/prediction/" + id + "/cancel").status == 400);
    CHECK(rig.status(id) == "success");
    CHECK(rig.ask("POST", "/v1/prediction/nobody/cancel").status == 404);
}

TEST_CASE("a prediction that nobody created is not found") {
    Rig rig;
    CHECK(rig.ask("GET", "/v1/prediction/nobody").status == 404);
    CHECK(rig.provider.report().polls == 1);
}

TEST_CASE("the video is there once its prediction has succeeded, and no key is needed for it") {
    Rig rig;
    const std::string id = rig.created();
    const std::string path = "/media/" + id + ".mp4";
    CHECK(rig.ask("GET", path).status == 404);
    rig.passed = 10s;
    Request request = keyless("GET", path);
    request.range = "bytes=4-7";
    const Reply reply = rig.provider.answer(request, {Rig::kStart + rig.passed, kMorning + rig.passed});
    CHECK(reply.status == 206);
    CHECK(reply.body == "ftyp");
    CHECK(reply.content_type == "video/mp4");
    CHECK(rig.ask("GET", "/media/nobody.mp4").status == 404);
}

} // namespace reeld::sandbox
