#include "tests/daemon/sandbox/rig.h"

#include <set>

namespace reeld::sandbox {

using namespace test;

namespace {

ProviderOptions with_foreign(std::size_t count) {
    ProviderOptions options = ten_seconds();
    options.foreign = count;
    options.limits = {.creates = 100, .per = 60s, .concurrent = 100};
    return options;
}

rapidjson::Document whole_list(Rig& rig) {
    return json_of(rig.ask("GET", "/v1/executions", "", {{"limit", "100"}}).body);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines{""};
    for (const char c : text) {
        if (c == '\n') {
            lines.emplace_back();
        } else {
            lines.back() += c;
        }
    }
    return lines;
}

} // namespace

TEST_CASE("half of the foreign predictions exist from the start, with inputs of their own, of every model") {
    Rig rig(with_foreign(9));
    const auto list = whole_list(rig);
    REQUIRE(list["executions"].Size() == 4);
    std::set<std::string> inputs;
    std::set<std::string> models;
    for (const auto& row : list["executions"].GetArray()) {
        inputs.insert(canonical_json(rig.poll(std::string(string_member(row, "id")))["input"]));
        models.emplace(string_member(row, "model"));
    }
    CHECK(inputs.size() == 4);
    CHECK(models.size() == 2);
    CHECK(rig.provider.report().foreign == 4);
}

TEST_CASE("the other foreign predictions have model and input of one that was just created") {
    Rig rig(with_foreign(2));
    whole_list(rig);
    std::string ours;
    while (rig.provider.report().foreign < 2)
        ours = rig.created(fmt::format("Shot at {}", rig.passed.count()));
    const auto list = whole_list(rig);
    const std::string newest(string_member(list["executions"][0], "id"));
    REQUIRE(newest != ours);
    CHECK(string_member(list["executions"][1], "id") == ours);
    CHECK(canonical_json(rig.poll(newest)["input"]) == canonical_json(rig.poll(ours)["input"]));
    CHECK(string_member(list["executions"][0], "model") == string_member(list["executions"][1], "model"));
    for (int i = 0; i < 20; ++i) rig.created();
    CHECK(rig.provider.report().foreign == 2);
}

TEST_CASE("foreign predictions are not the client's: no limit and no other count knows them") {
    ProviderOptions options = with_foreign(50);
    options.limits = {.creates = 20, .per = 60s, .concurrent = 20};
    Rig rig(options);
    for (int i = 0; i < 20; ++i) rig.created(fmt::format("Shot {}", i));
    CHECK(rig.create().status == 429);
    rig.passed = 10s;
    const auto list = whole_list(rig);
    for (const auto& row : list["executions"].GetArray()) rig.poll(std::string(string_member(row, "id")));
    const Report report = rig.provider.report();
    CHECK(report.foreign > 25);
    CHECK(list["executions"].Size() == 20 + report.foreign);
    CHECK(report.predictions == 20);
    CHECK(report.creates_accepted == 20);
    CHECK(report.most_creates_in_window == 20);
    CHECK(report.most_in_flight == 20);
    CHECK(report.identical_inputs.empty());
    CHECK(report.polls == 20 + report.foreign);
    CHECK(report.polls_per_prediction_mean == 1);
    CHECK(report.ends_unobserved == 0);
    CHECK(report.makespan_over_ideal == 1.0);
}

TEST_CASE("foreign predictions survive in the state file as what they are, and no more are made for them") {
    Rig rig(with_foreign(6));
    std::vector<std::string> lines;
    while (rig.provider.report().foreign < 6) {
        for (const std::string& line : lines_of(rig.create().record)) lines.push_back(line);
    }
    const Report before = rig.provider.report();
    REQUIRE(lines.size() == before.predictions + before.foreign);
    Rig again(with_foreign(6));
    for (const std::string& line : lines)
        CHECK(again.provider.restore(line, {Rig::kStart, kMorning + rig.passed}) == "");
    CHECK(whole_list(again)["executions"].Size() == lines.size());
    const Report after = again.provider.report();
    CHECK(after.foreign == 6);
    CHECK(after.predictions == before.predictions);
    CHECK(after.most_creates_in_window == before.most_creates_in_window);
}

TEST_CASE("a report names foreign predictions and late creates where there are any") {
    Report report;
    CHECK(to_text(report).find("foreign") == std::string::npos);
    CHECK(to_text(report).find("late") == std::string::npos);
    report.foreign = 3;
    report.creates_pending = 2;
    CHECK(to_text(report).find("foreign     3 predictions of another program\n") != std::string::npos);
    CHECK(to_text(report).find("late        2 creates whose prediction is still to come\n") !=
          std::string::npos);
    CHECK(json_of(to_json(report))["foreign"].GetInt() == 3);
    CHECK(json_of(to_json(report))["creates_pending"].GetInt() == 2);
}

} // namespace reeld::sandbox
