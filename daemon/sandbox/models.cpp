#include "daemon/sandbox/models.h"

#include "daemon/sandbox/json.h"

namespace reeld::sandbox {

namespace {

/// The parameter table of Kling v3 Pro's page, as JSON Schema.
constexpr std::string_view kV3Schema = R"({
"type":"object",
"properties":{
"prompt":{"type":"string"},
"duration":{"type":"string","default":"5",
 "enum":["3","4","5","6","7","8","9","10","11","12","13","14","15"]},
"multi_prompt":{"type":"array","maxItems":5,
 "items":{"type":"object","properties":{"prompt":{"type":"string"},"duration":{"type":"string"}}}},
"generate_audio":{"type":"boolean","default":true},
"voice_ids":{"type":"array","maxItems":2,"items":{"type":"string"}},
"shot_type":{"type":"string","enum":["customize","intelligent"],"default":"customize"},
"aspect_ratio":{"type":"string","enum":["16:9","9:16","1:1"],"default":"16:9"},
"negative_prompt":{"type":"string","default":"blur, distort, and low quality"},
"cfg_scale":{"type":"number","minimum":0,"maximum":1,"default":0.5}
}})";

constexpr std::string_view kOpenSchema = R"({"type":"object","additionalProperties":true})";

/// O3's page gives no time; renders of its kind take about two minutes.
constexpr Duration kO3Time = std::chrono::seconds{120};
constexpr Duration kV3Time = std::chrono::seconds{160};

/// "3" to "15" in the form in which the page lists them; 0 for anything else.
int seconds_of(const rapidjson::Value& value) {
    if (!value.IsString()) return 0;
    const std::string_view text = view(value);
    for (int seconds = 3; seconds <= 15; ++seconds) {
        if (text == std::to_string(seconds)) return seconds;
    }
    return 0;
}

} // namespace

std::vector<Model> make_models(const std::vector<ExtraModel>& extra) {
    std::vector<Model> models;
    models.push_back({"kling-v3-pro-text-to-video", "Kling v3 Pro", kV3Time, kV3Schema, true});
    models.push_back({"kling-o3-pro-text-to-video", "Kling O3 Pro", kO3Time, kOpenSchema, false});
    for (const ExtraModel& model : extra) {
        models.push_back({model.slug, model.slug, model.typical_time, kOpenSchema, false});
    }
    return models;
}

int clip_seconds(const rapidjson::Value& input) {
    const auto duration = input.FindMember("duration");
    const int seconds = duration == input.MemberEnd() ? 0 : seconds_of(duration->value);
    return seconds > 0 ? seconds : kClipSecondsDefault;
}

} // namespace reeld::sandbox
