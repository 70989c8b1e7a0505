#include "daemon/sandbox/execution_list.h"

#include "tests/daemon/sandbox/rig.h"

namespace reeld::sandbox {

using namespace test;

namespace {

using Query = decltype(Request::query);

/// The prompts cannot be seen in a list, so rows are told apart by their ids.
std::vector<std::string> ids(Rig& rig, Query query) {
    const auto body = json_of(rig.ask("GET", "/v1/executions", "", std::move(query)).body);
    std::vector<std::string> listed;
    for (const auto& row : body["executions"].GetArray()) listed.emplace_back(string_member(row, "id"));
    return listed;
}

/// Five predictions, a minute apart.
std::vector<std::string> five(Rig& rig) {
    std::vector<std::string> made;
    for (int i = 0; i < 5; ++i) {
        made.push_back(rig.created(fmt::format("Shot {}", i)));
        rig.passed += 60s;
    }
    return made;
}

std::vector<std::string> pick(const std::vector<std::string>& all,
                              std::initializer_list<std::size_t> places) {
    std::vector<std::string> picked;
    for (const std::size_t place : places) picked.push_back(all[place]);
    return picked;
}

} // namespace

TEST_CASE("executions are listed newest first, with what the document names and without their input") {
    Rig rig;
    const auto made = five(rig);
    const auto body = json_of(rig.ask("GET", "/v1/executions").body);
    CHECK(ids(rig, {}) == pick(made, {4, 3, 2, 1, 0}));
    CHECK(body["total_count"].GetInt() == 5);
    CHECK_FALSE(body["total_capped"].GetBool());
    CHECK(body["offset"].GetInt() == 0);
    CHECK(body["limit"].GetInt() == kListLimitDefault);
    const auto& row = body["executions"][4];
    CHECK(string_member(row, "model") == kKling);
    CHECK(string_member(row, "status") == "success");
    CHECK(string_member(row, "created_at") == "2026-05-25T08:30:00.000Z");
    CHECK(string_member(row, "completed_at") == "2026-05-25T08:30:10.000Z");
    CHECK(row["execution_cost"].GetDouble() == doctest::Approx(0.5));
    CHECK_FALSE(row.HasMember("input"));
}

TEST_CASE("pages follow each other without a gap and end with a short one") {
    Rig rig;
    const auto made = five(rig);
    CHECK(ids(rig, {{"limit", "2"}}) == pick(made, {4, 3}));
    CHECK(ids(rig, {{"limit", "2"}, {"offset", "2"}}) == pick(made, {2, 1}));
    CHECK(ids(rig, {{"limit", "2"}, {"offset", "4"}}) == pick(made, {0}));
    CHECK(ids(rig, {{"limit", "2"}, {"offset", "6"}}).empty());
}

TEST_CASE("from and to bound the time of creation, both inclusive") {
    Rig rig;
    const auto made = five(rig);
    CHECK(ids(rig, {{"from", "2026-05-25T08:33:00Z"}}) == pick(made, {4, 3}));
    CHECK(ids(rig, {{"to", "2026-05-25T08:31:00Z"}}) == pick(made, {1, 0}));
    CHECK(ids(rig, {{"from", "2026-05-25T10:31:00+02:00"}, {"to", "2026-05-25T08:32:00.5Z"}}) ==
          pick(made, {2, 1}));
}

TEST_CASE("executions are filtered by model and by status") {
    Rig rig;
    const auto made = five(rig);
    rig.create("A gull", "kling-o3-pro-text-to-video");
    CHECK(ids(rig, {{"model", kKling}}).size() == 5);
    CHECK(ids(rig, {{"model", "nobody"}}).empty());
    CHECK(ids(rig, {{"status", "created"}}).size() == 1);
    CHECK(ids(rig, {{"status", "created,success"}}).size() == 6);
    CHECK(ids(rig, {{"status", "error"}}).empty());
    rig.passed += 5s;
    CHECK(ids(rig, {{"status", "starting"}}).size() == 1);
}

TEST_CASE("failed and cancelled executions have the list's own words") {
    Rig rig(always(Ending::provider));
    const std::string id = rig.created();
    rig.passed = 10s;
    CHECK(ids(rig, {{"status", "error"}}) == std::vector{id});
    const std::string cancelled = rig.created();
    rig.ask("POST", "/v1/prediction/" + cancelled + "/cancel");
    const auto body = json_of(rig.ask("GET", "/v1/executions").body);
    CHECK(string_member(body["executions"][0], "status") == "cancelled");
    CHECK(body["executions"][0]["execution_cost"].GetDouble() == 0);
}

TEST_CASE("a parameter that cannot be read is refused by its name") {
    Rig rig;
    for (const auto& parameter : std::initializer_list<std::pair<const char*, const char*>>{
             {"limit", "0"},
             {"limit", "101"},
             {"limit", "ten"},
             {"limit", ""},
             {"offset", "-1"},
             {"from", "yesterday"},
             {"to", "2026-05-25"},
             {"status", "running"},
             {"status", "success,"},
         }) {
        CAPTURE(parameter.first);
        CAPTURE(parameter.second);
        const Reply reply = rig.ask("GET", "/v1/executions", "", {parameter});
        CHECK(reply.status == 400);
        CHECK(string_member(json_of(reply.body), "details").starts_with(parameter.first));
    }
}

TEST_CASE("a long history is counted up to a limit, which the answer admits") {
    ProviderOptions options = ten_seconds();
    options.limits = {.creates = 100'000, .per = 60s, .concurrent = 100'000};
    Rig rig(options);
    for (std::size_t i = 0; i < kListCountedMax + 5; ++i) rig.created();
    const auto body = json_of(rig.ask("GET", "/v1/executions", "", {{"limit", "1"}}).body);
    CHECK(body["total_count"].GetUint64() == kListCountedMax + 1);
    CHECK(body["total_capped"].GetBool());
}

} // namespace reeld::sandbox
