#include "tests/support/night.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("reeld report prints every create of a batch, and the same as JSON") {
    Night night({"--time", "30ms", "--misbehave", "create-lost=0.5", "--seed", "5"});
    const auto file = night.write("harbor.yaml", Night::storyboard(6));
    REQUIRE(run_program(night.reeld({"run", file})).exit_code == 0);
    const auto text = run_program(night.reeld({"report", "harbor"}));
    CAPTURE(text.err);
    CHECK(text.exit_code == 0);
    CHECK(text.out.find("harbor: 6 shots, 6 creates sent") != std::string::npos);
    CHECK(text.out.find("adopted by the list") != std::string::npos);
    CHECK(text.out.find("request reeld-") != std::string::npos);
    rapidjson::Document json;
    json.Parse(run_program(night.reeld({"report", "harbor", "--json"})).out.c_str());
    REQUIRE(json.IsObject());
    const auto& batch = json["batches"][0];
    const auto& totals = batch["totals"];
    CHECK(totals["creates"].GetInt() == 6);
    CHECK(totals["accepted"].GetInt() + totals["adopted"].GetInt() == 6);
    CHECK(totals["adopted"].GetInt() > 0);
    CHECK(totals["cost"].GetDouble() > 0);
    CHECK(batch["shots"].Size() == 6);
    CHECK(std::string(batch["shots"][0]["attempts"][0]["end"].GetString()) == "succeeded");
}

TEST_CASE("a report of an unknown batch, or without a journal, says what there is and makes nothing") {
    Night night({"--time", "30ms"});
    const auto none = run_program(night.reeld({"report", "harbor"}));
    CHECK(none.exit_code == 2);
    CHECK(none.err.find("there is no journal in") != std::string::npos);
    REQUIRE(run_program(night.reeld({"run", night.write("harbor.yaml", Night::storyboard(1))})).exit_code ==
            0);
    const auto unknown = run_program(night.reeld({"report", "quay"}));
    CHECK(unknown.exit_code == 2);
    CHECK(unknown.err.find("no batch quay; there are: harbor") != std::string::npos);
}

} // namespace reeld::test
