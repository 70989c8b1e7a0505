/// The parameter table of Kling v3 Pro's page, as a check.
#include "daemon/sandbox/json.h"
#include "daemon/sandbox/models.h"

#include <array>
#include <fmt/format.h>
#include <initializer_list>

namespace reeld::sandbox {

namespace {

constexpr rapidjson::SizeType kMultiPromptsMax = 5;
constexpr rapidjson::SizeType kVoicesMax = 2;

bool is_one_of(const rapidjson::Value& value, std::initializer_list<std::string_view> allowed) {
    if (!value.IsString()) return false;
    for (const std::string_view word : allowed) {
        if (view(value) == word) return true;
    }
    return false;
}

bool is_full_string(const rapidjson::Value& value) {
    return value.IsString() && value.GetStringLength() > 0;
}

bool is_clip_length(const rapidjson::Value& value) {
    return is_one_of(value, {"3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"});
}

/// The parts of a multi-shot video may be shorter than a whole one: any whole number of seconds from 1 to
/// 15.
bool is_part_length(const rapidjson::Value& value) {
    return is_one_of(value, {"1", "2"}) || is_clip_length(value);
}

bool is_multi_prompt(const rapidjson::Value& value) {
    if (!value.IsArray() || value.Empty() || value.Size() > kMultiPromptsMax) return false;
    for (const auto& part : value.GetArray()) {
        if (!part.IsObject()) return false;
        const auto prompt = part.FindMember("prompt");
        const auto duration = part.FindMember("duration");
        if (prompt == part.MemberEnd() || !is_full_string(prompt->value)) return false;
        if (duration != part.MemberEnd() && !is_part_length(duration->value)) return false;
    }
    return true;
}

bool is_voice_list(const rapidjson::Value& value) {
    if (!value.IsArray() || value.Size() > kVoicesMax) return false;
    for (const auto& voice : value.GetArray()) {
        if (!voice.IsString()) return false;
    }
    return true;
}

struct Parameter {
    std::string_view name;
    std::string_view wanted; ///< Completes "must be …".
    bool (*accepts)(const rapidjson::Value&);
};

constexpr std::array<Parameter, 9> kParameters = {{
    {"prompt", "a string that is not empty", is_full_string},
    {"duration", "a string, \"3\" to \"15\"", is_clip_length},
    {"multi_prompt", "an array of 1 to 5 objects {prompt, duration}, both strings", is_multi_prompt},
    {"generate_audio", "true or false",
     [](const rapidjson::Value& value) {
         return value.IsBool();
     }},
    {"voice_ids", "an array of at most 2 strings", is_voice_list},
    {"shot_type", "\"customize\" or \"intelligent\"",
     [](const rapidjson::Value& value) {
         return is_one_of(value, {"customize", "intelligent"});
     }},
    {"aspect_ratio", "\"16:9\", \"9:16\" or \"1:1\"",
     [](const rapidjson::Value& value) {
         return is_one_of(value, {"16:9", "9:16", "1:1"});
     }},
    {"negative_prompt", "a string",
     [](const rapidjson::Value& value) {
         return value.IsString();
     }},
    {"cfg_scale", "a number from 0 to 1",
     [](const rapidjson::Value& value) {
         return value.IsNumber() && value.GetDouble() >= 0 && value.GetDouble() <= 1;
     }},
}};

const Parameter* find_parameter(std::string_view name) {
    for (const Parameter& parameter : kParameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

void add(std::string& complaints, const std::string& complaint) {
    if (!complaints.empty()) complaints += "; ";
    complaints += complaint;
}

} // namespace

std::string complaint_about_input(const rapidjson::Value& input) {
    std::string complaints;
    for (const auto& member : input.GetObject()) {
        const Parameter* parameter = find_parameter(view(member.name));
        if (parameter == nullptr) {
            add(complaints, fmt::format("{} is not a parameter of this model", view(member.name)));
        } else if (!parameter->accepts(member.value)) {
            add(complaints, fmt::format("{} must be {}", parameter->name, parameter->wanted));
        }
    }
    const int prompts = int{input.HasMember("prompt")} + int{input.HasMember("multi_prompt")};
    if (prompts != 1) add(complaints, "exactly one of prompt and multi_prompt is required");
    return complaints;
}

} // namespace reeld::sandbox
