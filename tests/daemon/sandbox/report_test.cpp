#include "daemon/sandbox/report.h"

#include "tests/daemon/sandbox/rig.h"

namespace reeld::sandbox {

using namespace test;

TEST_CASE("inputs created twice are reported with all their predictions, however they were written") {
    ProviderOptions options;
    options.models.push_back({"other", 10s});
    Rig rig(options);
    const auto create = [&rig](const std::string& model, const std::string& input) {
        const Reply reply =
            rig.ask("POST", "/v1/prediction/", R"({"model":")" + model + R"(","input":)" + input + "}");
        return std::string(string_member(json_of(reply.body), "predictionID"));
    };
    const std::string first = create("other", R"({"prompt":"A gull","scale":1})");
    create("other", R"({"prompt":"A mole","scale":1})");
    create("kling-o3-pro-text-to-video", R"({"prompt":"A gull","scale":1})");
    const std::string second = create("other", R"({ "scale": 1.0, "prompt": "\u0041 gull" })");
    const std::string third = create("other", R"({"scale":1e0,"prompt":"A gull"})");
    const Report report = rig.provider.report();
    REQUIRE(report.identical_inputs.size() == 1);
    CHECK(report.identical_inputs[0] == std::vector{first, second, third});
}

TEST_CASE("a perfect client has a makespan equal to the ideal one") {
    ProviderOptions options = ten_seconds();
    options.limits = {.creates = 2, .per = 15s, .concurrent = 10};
    Rig rig(options);
    const std::string first = rig.created();
    rig.created();
    rig.passed = 15s;
    for (const std::string& id : {first, rig.created()}) rig.status(id);
    CHECK(rig.provider.report().ends_unobserved == 2);
    rig.passed = 25s;
    const auto list = json_of(rig.ask("GET", "/v1/executions").body);
    for (const auto& row : list["executions"].GetArray()) rig.status(std::string(string_member(row, "id")));
    const Report report = rig.provider.report();
    CHECK(report.ends_unobserved == 0);
    CHECK(report.makespan_s == 25.0);
    CHECK(report.ideal_makespan_s == 25.0);
    CHECK(report.makespan_over_ideal == 1.0);
}

TEST_CASE("what a client loses by waiting shows in the ratio") {
    Rig rig;
    const std::string id = rig.created();
    rig.passed = 15s;
    rig.status(id);
    rig.passed = 40s;
    rig.status(id);
    CHECK(rig.provider.report().makespan_s == 15.0);
    CHECK(rig.provider.report().makespan_over_ideal == 1.5);
}

TEST_CASE("the makespan starts with the first create that arrived, even when it was refused") {
    Rig rig;
    rig.ask("POST", "/v1/prediction/", "{}");
    rig.passed = 10s;
    const std::string id = rig.created();
    rig.passed = 20s;
    rig.status(id);
    CHECK(rig.provider.report().makespan_s == 20.0);
}

TEST_CASE("there is no ratio while an end is unobserved") {
    Rig rig;
    const std::string id = rig.created();
    rig.created();
    rig.passed = 10s;
    rig.status(id);
    const Report report = rig.provider.report();
    CHECK(report.ends_unobserved == 1);
    CHECK(report.makespan_s == 10.0);
    CHECK_FALSE(report.makespan_over_ideal.has_value());
}

TEST_CASE("a cancelled prediction counts with the time that it took") {
    Rig rig;
    const std::string id = rig.created();
    rig.passed = 4s;
    rig.ask("POST", "/v1/prediction/" + id + "/cancel");
    rig.status(id);
    CHECK(rig.provider.report().ideal_makespan_s == 4.0);
    CHECK(rig.provider.report().makespan_over_ideal == 1.0);
}

TEST_CASE("polls are counted, in all and per prediction") {
    Rig rig;
    const std::string id = rig.created();
    rig.created();
    for (int i = 0; i < 3; ++i) rig.status(id);
    rig.ask("GET", "/v1/prediction/nobody");
    rig.ask("GET", "/v1/executions");
    const Report report = rig.provider.report();
    CHECK(report.polls == 4);
    CHECK(report.polls_per_prediction_mean == 1.5);
    CHECK(report.polls_per_prediction_max == 3);
    CHECK(report.lists == 1);
}

TEST_CASE("the report is served as JSON without a key, with null for what is not known") {
    Rig rig;
    rig.created();
    Request request = keyless("GET", "/report");
    const auto body = json_of(rig.provider.answer(request, {Rig::kStart, kMorning}).body);
    CHECK(body["creates_accepted"].GetInt() == 1);
    CHECK(body["most_in_flight"].GetInt() == 1);
    CHECK(body["identical_inputs"].IsArray());
    CHECK(body["makespan_s"].IsNull());
    CHECK(body["ideal_makespan_s"].GetDouble() == 10);
}

TEST_CASE("the report for people names every number, and the inputs that were created twice") {
    Report report;
    report.creates_arrived = 7;
    report.creates_accepted = 5;
    report.refused["rate"] = 2;
    report.makespan_s = 12;
    report.ideal_makespan_s = 10;
    report.makespan_over_ideal = 1.2;
    CHECK(to_text(report).find("7 arrived, 5 accepted") != std::string::npos);
    CHECK(to_text(report).find("2 rate") != std::string::npos);
    CHECK(to_text(report).find("ratio 1.200") != std::string::npos);
    CHECK(to_text(report).find("no input was created twice") != std::string::npos);
    report.identical_inputs = {{"first", "second"}};
    CHECK(to_text(report).find("first second") != std::string::npos);
}

} // namespace reeld::sandbox
