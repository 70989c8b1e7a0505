#include "daemon/sandbox/create_request.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

const std::vector<Model>& models() {
    static const std::vector<Model> kModels = make_models({{"other", Duration{1}}});
    return kModels;
}

Problem problem_with(std::string_view body) {
    const auto read = read_create_request(body, models());
    const auto* problem = std::get_if<Problem>(&read);
    return problem == nullptr ? Problem{200, "", ""} : *problem;
}

/// What is wrong with this input of Kling v3 Pro; empty: nothing.
std::string complaint_about_members(std::string_view members) {
    const Problem problem =
        problem_with(fmt::format(R"({{"model":"kling-v3-pro-text-to-video","input":{{{}}}}})", members));
    CHECK(problem.status == (problem.details.empty() ? 200 : 422));
    return problem.details;
}

} // namespace

TEST_CASE("a create names a model and an input, which is kept in canonical form") {
    const auto read = read_create_request(
        R"({"input":{"prompt":"A gull","duration":"10","cfg_scale":1.0},
            "model":"kling-v3-pro-text-to-video"})",
        models());
    const auto& request = std::get<CreateRequest>(read);
    CHECK(models()[request.model].slug == "kling-v3-pro-text-to-video");
    CHECK(request.input == R"({"cfg_scale":1,"duration":"10","prompt":"A gull"})");
    CHECK(request.clip_seconds == 10);
}

TEST_CASE("a create may bring a webhook, a secret, and the version that nobody reads") {
    CHECK(problem_with(R"({"model":"other","input":{},"webhook_url":"https://example.org/hook",
                           "webhook_secret":"s","version":"0.0.1"})")
              .status == 200);
    CHECK(problem_with(R"({"model":"other","input":{},"webhook_url":7})").status == 400);
}

TEST_CASE("a body that is no create is refused with 400 and the reason") {
    CHECK(problem_with("").status == 400);
    CHECK(problem_with("{").status == 400);
    CHECK(problem_with("[]").details == "the body must be a JSON object");
    CHECK(problem_with(R"({"input":{}})").details == "model is required and must be a string");
    CHECK(problem_with(R"({"model":7,"input":{}})").details == "model is required and must be a string");
    CHECK(problem_with(R"({"model":"other"})").details == "input is required and must be an object");
    CHECK(problem_with(R"({"model":"other","input":"{}"})").details ==
          "input is required and must be an object");
}

TEST_CASE("a model that is not there is refused with 404 and its name") {
    const Problem problem = problem_with(R"({"model":"kling-v9","input":{}})");
    CHECK(problem.status == 404);
    CHECK(problem.details == "no model kling-v9");
}

TEST_CASE("a model without a parameter table takes any object") {
    CHECK(
        problem_with(R"({"model":"kling-o3-pro-text-to-video","input":{"what":[1,{"ever":null}]}})").status ==
        200);
    CHECK(problem_with(R"({"model":"other","input":{"what":"ever"}})").status == 200);
}

TEST_CASE("Kling v3 Pro takes what its page lists") {
    CHECK(complaint_about_members(R"("prompt":"A gull")") == "");
    CHECK(complaint_about_members(R"("prompt":"A gull","duration":"15","generate_audio":false,
        "voice_ids":["a","b"],"shot_type":"intelligent","aspect_ratio":"1:1","negative_prompt":"",
        "cfg_scale":0.5)") == "");
    CHECK(complaint_about_members(R"("multi_prompt":[{"prompt":"a","duration":"4"},{"prompt":"b"}])") == "");
}

TEST_CASE("Kling v3 Pro wants one kind of prompt, not none and not both") {
    const std::string complaint = "exactly one of prompt and multi_prompt is required";
    CHECK(complaint_about_members("") == complaint);
    CHECK(complaint_about_members(R"("prompt":"a","multi_prompt":[{"prompt":"b"}])") == complaint);
}

TEST_CASE("Kling v3 Pro refuses each parameter of the wrong type or value, by its name") {
    for (const char* member : {R"("duration":5)", R"("duration":"16")", R"("duration":"05")",
                               R"("generate_audio":"true")", R"("voice_ids":["a","b","c"])",
                               R"("voice_ids":[1])", R"("shot_type":"wide")", R"("aspect_ratio":"4:3")",
                               R"("negative_prompt":null)", R"("cfg_scale":1.5)", R"("cfg_scale":"0.5")"}) {
        CAPTURE(member);
        const std::string name = std::string(member).substr(1, std::string_view(member).find(':') - 2);
        CHECK(complaint_about_members(R"("prompt":"a",)" + std::string(member))
                  .starts_with(name + " must be "));
    }
    CHECK(complaint_about_members(R"("prompt":"")").starts_with("prompt must be"));
    CHECK(complaint_about_members(R"("multi_prompt":[])").starts_with("multi_prompt must be"));
    CHECK(complaint_about_members(R"("multi_prompt":[{"prompt":"a","duration":4}])")
              .starts_with("multi_prompt"));
    CHECK(complaint_about_members(R"("multi_prompt":"[{}]")").starts_with("multi_prompt must be"));
}

TEST_CASE("all faults of an input are told at once") {
    CHECK(complaint_about_members(R"("pompt":"a","duration":5)") ==
          "pompt is not a parameter of this model; duration must be a string, \"3\" to \"15\"; exactly one "
          "of prompt "
          "and multi_prompt is required");
}

} // namespace reeld::sandbox
