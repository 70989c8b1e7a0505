#include "daemon/sandbox/create_request.h"

#include "daemon/sandbox/json.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

/// What is wrong with the request around the input; an empty message when nothing is.
Problem check_envelope(const rapidjson::Document& body) {
    if (!body.IsObject()) return {400, "Invalid request body", "the body must be a JSON object"};
    if (string_member(body, "model").empty()) {
        return {400, "Invalid request body", "model is required and must be a string"};
    }
    const auto input = body.FindMember("input");
    if (input == body.MemberEnd() || !input->value.IsObject()) {
        return {400, "Invalid request body", "input is required and must be an object"};
    }
    for (const char* name : {"webhook_url", "webhook_secret", "version"}) {
        const auto member = body.FindMember(name);
        if (member != body.MemberEnd() && !member->value.IsString()) {
            return {400, "Invalid request body", fmt::format("{} must be a string", name)};
        }
    }
    // It goes into a header.
    const std::string_view secret = string_member(body, "webhook_secret");
    if (!std::ranges::all_of(secret, [](char c) { return c >= ' ' && c <= '~'; }))
        return {400, "Invalid request body", "webhook_secret must be printable ASCII"};
    return {};
}

} // namespace

std::variant<CreateRequest, Problem> read_create_request(std::string_view body,
                                                         const std::vector<Model>& models) {
    rapidjson::Document document;
    if (const std::string fault = parse_json(body, document); !fault.empty()) {
        return Problem{400, "Invalid request body", fault};
    }
    if (Problem problem = check_envelope(document); !problem.message.empty()) return problem;

    const std::string_view slug = string_member(document, "model");
    const auto model = std::ranges::find(models, slug, &Model::slug);
    if (model == models.end()) return Problem{404, "Model not found", fmt::format("no model {}", slug)};

    const rapidjson::Value& input = document["input"];
    if (model->checks_input) {
        if (std::string complaint = complaint_about_input(input); !complaint.empty()) {
            return Problem{422, "Invalid input", std::move(complaint)};
        }
    }
    return CreateRequest{static_cast<std::size_t>(model - models.begin()),
                         canonical_json(input),
                         clip_seconds(input),
                         {.url = std::string(string_member(document, "webhook_url")),
                          .secret = std::string(string_member(document, "webhook_secret"))}};
}

} // namespace reeld::sandbox
