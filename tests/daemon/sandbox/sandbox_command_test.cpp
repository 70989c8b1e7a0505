#include "daemon/sandbox/sandbox_command.h"
#include "tests/support/contains.h"

#include <doctest/doctest.h>

namespace reeld {

namespace {

using namespace std::chrono_literals;
using sandbox::Ending;
using sandbox::Misbehaviour;
using test::contains;

SandboxOptions parse(const std::string& line) {
    CLI::App app;
    SandboxOptions options;
    CLI::App* command = add_sandbox_command(app, options);
    app.parse("sandbox " + line);
    CHECK(command->parsed());
    return options;
}

std::string complaint_about_line(const std::string& line) {
    try {
        parse(line);
    } catch (const CLI::ParseError& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("without options the sandbox has the provider's limits and pace") {
    const SandboxOptions options = parse("");
    CHECK(options.port == 0);
    CHECK(options.state.empty());
    CHECK(options.provider.limits.creates == 100);
    CHECK(options.provider.limits.per == 60s);
    CHECK(options.provider.limits.concurrent == 10);
    CHECK_FALSE(options.provider.time.has_value());
    CHECK(options.provider.speed == 1);
    CHECK(sandbox::complaint_about(options.provider) == "");
}

TEST_CASE("every option of the command line is understood") {
    const SandboxOptions options =
        parse("--port 8080 --foreign 9 --state s.jsonl --ready-fd 3 --key secret --creates 5 --per 1.5m "
              "--concurrent 3 --time "
              "250ms --spread 0.5 --speed 80 --seed 7 --retry-after date --output-shape mixed --error-shape "
              "openapi");
    CHECK(options.port == 8080);
    CHECK(options.state == "s.jsonl");
    CHECK(options.ready_fd == 3);
    CHECK(options.provider.key == "secret");
    CHECK(options.provider.limits.creates == 5);
    CHECK(options.provider.limits.per == 90s);
    CHECK(options.provider.limits.concurrent == 3);
    CHECK(options.provider.time == 250ms);
    CHECK(options.provider.spread == 0.5);
    CHECK(options.provider.speed == 80);
    CHECK(options.provider.seed == 7);
    CHECK(options.provider.foreign == 9);
    CHECK(options.provider.retry_after == sandbox::RetryAfter::date);
    CHECK(options.provider.output_shape == sandbox::OutputShape::mixed);
    CHECK(options.provider.error_shape == sandbox::ErrorShape::openapi);
}

TEST_CASE("failures, misbehaviours and models can be given again and again") {
    const SandboxOptions options =
        parse("--fail moderation=0.02 --fail no-output=0.5 --misbehave create-lost=0.1 --misbehave auth=0.01 "
              "--model other --model third=2m");
    CHECK(options.provider.fail.at(static_cast<std::size_t>(Ending::moderation)) == 0.02);
    CHECK(options.provider.fail.at(static_cast<std::size_t>(Ending::no_output)) == 0.5);
    CHECK(options.provider.misbehave.at(static_cast<std::size_t>(Misbehaviour::create_lost)) == 0.1);
    CHECK(options.provider.misbehave.at(static_cast<std::size_t>(Misbehaviour::auth)) == 0.01);
    REQUIRE(options.provider.models.size() == 2);
    CHECK(options.provider.models[0].slug == "other");
    CHECK(options.provider.models[1].slug == "third");
    CHECK(options.provider.models[1].typical_time == 2min);
}

TEST_CASE("what cannot be read is refused with the flag and what it should be") {
    CHECK(contains(complaint_about_line("--per 60"), "--per: 60 is not a time; write 500ms, 60s, 2m or 1h"));
    CHECK(contains(complaint_about_line("--time soon"), "--time: soon is not a time"));
    CHECK(contains(complaint_about_line("--model x=1d"), "--model x: 1d is not a time"));
    CHECK(contains(complaint_about_line("--fail tired=0.1"), "there is no failure \"tired\""));
    CHECK(contains(complaint_about_line("--fail success=0.1"), "there is no failure \"success\""));
    CHECK(contains(complaint_about_line("--fail moderation"), "--fail moderation: \"\" is not a number"));
    CHECK(contains(complaint_about_line("--misbehave create-lost=often"), "\"often\" is not a number"));
    CHECK(contains(complaint_about_line("--misbehave sulk=0.1"), "there is no misbehaviour \"sulk\""));
    CHECK(contains(complaint_about_line("--output-shape round"),
                   "\"round\" is none of string, array, object, objects, mixed"));
    CHECK(complaint_about_line("--port 70000") != "");
    CHECK(complaint_about_line("--port http") != "");
}

TEST_CASE("a word after a pair is not taken for another pair") {
    CHECK(complaint_about_line("--fail moderation=0.1 provider=0.1") != "");
}

TEST_CASE("the help explains every misbehaviour and every failure, and ends with examples") {
    CLI::App app;
    SandboxOptions options;
    const std::string help = add_sandbox_command(app, options)->help();
    for (const sandbox::MisbehaviourWords& words : sandbox::all_misbehaviours()) {
        CHECK(contains(help, words.name));
        CHECK(contains(help, words.does));
    }
    CHECK(contains(help, "moderation timeout input provider unavailable rate-limit internal unknown"));
    CHECK(contains(help.substr(help.rfind("Examples:")), "reeld sandbox --speed 80"));
}

} // namespace reeld
