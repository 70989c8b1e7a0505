#include "daemon/loop/loop.h"
#include "tests/daemon/cli/steered_night.h"
#include "tests/support/contains.h"

#include <array>
#include <chrono>
#include <fmt/format.h>

namespace reeld::test {

namespace {

/// Hours that are not now, and are not when a test runs over midnight: those of the day after the day after
/// tomorrow.
std::string other_hours() {
    constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    const auto today = std::chrono::floor<std::chrono::days>(Loop().now().wall);
    const std::chrono::weekday day{today + std::chrono::days{3}};
    return fmt::format("{} 00:00-24:00 UTC", kDays.at(day.c_encoding()));
}

/// Hours that are now, and for a day to come, and not always.
std::string hours_of_now() {
    constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    const auto today = std::chrono::floor<std::chrono::days>(Loop().now().wall);
    const std::chrono::weekday day{today};
    return fmt::format("{0} 00:00-24:00 UTC; {1} 00:00-24:00 UTC", kDays.at(day.c_encoding()),
                       kDays.at((day + std::chrono::days{1}).c_encoding()));
}

std::string with_hours(const std::string& hours, int shots) {
    return fmt::format("hours: {}\n{}", hours, Night::storyboard(shots));
}

} // namespace

TEST_CASE(
    "a storyboard with hours waits for them, says so, and is created at once when a person wants it now") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", with_hours(other_hours(), 2));
    CHECK(night.operate({"submit", file}).exit_code == 0);
    CHECK(night.operate({"why", "harbor/shot-1"}).out.find("waits for its hours; they begin in ") !=
          std::string::npos);
    const auto status = night.ask({"status", "harbor"});
    CHECK(std::string(status["hours"].GetString()) == other_hours());
    CHECK(std::string(status["waits"].GetString()).starts_with("waits for its hours"));
    CHECK(status.HasMember("eta"));
    CHECK(night.creates() == 0);
    CHECK(night.operate({"submit", "--again", "--now", file}).out == "harbor.2\n");
    CHECK(night.operate({"wait", "harbor.2", "-q"}).exit_code == 0);
    CHECK(night.creates() == 2);
    night.stop();
}

TEST_CASE("a batch that waits for its hours starts when its file is submitted once more to start now") {
    SteeredNight night;
    night.start();
    const auto file = night.write("harbor.yaml", with_hours(other_hours(), 2));
    CHECK(night.operate({"submit", file}).exit_code == 0);
    const auto now = night.operate({"submit", "--now", file});
    CHECK(now.out == "harbor\n");
    CHECK(now.err.find("it starts now, whatever its hours") != std::string::npos);
    CHECK(night.operate({"wait", "harbor", "-q"}).exit_code == 0);
    CHECK(night.creates() == 2);
    night.stop();
}

TEST_CASE("a batch within its hours goes on beyond them when its file is submitted once more to start now") {
    SteeredNight night;
    night.start();
    CHECK(night.operate({"pause"}).exit_code == 0); // So that it does not end meanwhile.
    const auto file = night.write("harbor.yaml", with_hours(hours_of_now(), 1));
    CHECK(night.operate({"submit", file}).exit_code == 0);
    CHECK(night.ask({"status", "harbor"}).HasMember("hours"));
    CHECK(contains(night.operate({"submit", "--now", file}).err, "it starts now, whatever its hours"));
    CHECK(std::string(night.ask({"status", "harbor"})["hours"].GetString()) == "any");
    night.stop();
}

TEST_CASE("the configuration's hours hold for batches without any, after a restart and a reload as well") {
    SteeredNight night;
    night.configure("hours", other_hours());
    night.start();
    night.submit("harbor", 1);
    const auto own = night.write("quay.yaml", with_hours("00:00-24:00", 1));
    CHECK(night.operate({"submit", own}).exit_code == 0);
    CHECK(night.operate({"wait", "quay", "-q"}).exit_code == 0);
    night.stop();
    night.start();
    CHECK(night.operate({"why", "harbor/shot-1"}).out.find("waits for its hours") != std::string::npos);
    CHECK(night.creates() == 1);
    night.configure("hours", "");
    night.write_configuration();
    night.daemon().send(SIGHUP);
    REQUIRE(night.daemon().wait_for("harbor finished: 1 of 1 succeeded"));
    CHECK(night.creates() == 2);
    night.stop();
}

TEST_CASE("run renders at once, whatever hours there are") {
    ServedNight night;
    night.configure("hours", other_hours());
    const auto file = night.write("harbor.yaml", with_hours(other_hours(), 2));
    CHECK(run_program(night.reeld({"run", file})).exit_code == 0);
    CHECK(night.creates() == 2);
}

TEST_CASE("check shows the hours of a storyboard beside its shots, for people and for programs") {
    const ServedNight night;
    const auto file = night.write("harbor.yaml", with_hours("22:00-06:00 Europe/Istanbul", 2));
    const auto text = run_program(night.reeld({"check", file}));
    CHECK(text.out.find("good: harbor, 2 shots, created within 22:00-06:00 Europe/Istanbul\n") !=
          std::string::npos);
    const auto json = run_program(night.reeld({"check", "--json", file}));
    CHECK(json.out.find("\"hours\":\"22:00-06:00 Europe/Istanbul\"") != std::string::npos);
}

TEST_CASE("hours that are none, or of a zone that nobody knows, are faults of the file") {
    const ServedNight night;
    const auto none = night.write("none.yaml", with_hours("at night", 1));
    const auto zone = night.write("zone.yaml", with_hours("22:00-06:00 Europe/Istambul", 1));
    const auto end = run_program(night.reeld({"check", none, zone}));
    CHECK(end.exit_code == 2);
    CHECK(end.err.find("none.yaml:1:8: error: hours must be such as 22:00-06:00") != std::string::npos);
    CHECK(end.err.find("did you mean Europe/Istanbul?") != std::string::npos);
}

} // namespace reeld::test
