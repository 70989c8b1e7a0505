#include "daemon/sandbox/prediction.h"

#include "daemon/sandbox/in_seconds.h"
#include "daemon/sandbox/json.h"

#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

std::string_view status_word(const Prediction& prediction, Phase phase) {
    switch (phase) {
    case Phase::created: return "created";
    case Phase::starting: return "starting";
    case Phase::processing: return "processing";
    case Phase::ended: break;
    }
    if (prediction.ending == Ending::cancelled) return "cancelled";
    if (!is_failure(prediction.ending)) return "success";
    return prediction.says_failed ? "failed" : "error";
}

void put_clip(JsonWriter& writer, const std::string& url, OutputShape shape) {
    const bool in_array = shape == OutputShape::array || shape == OutputShape::objects;
    const bool in_object = shape == OutputShape::object || shape == OutputShape::objects;
    if (in_array) writer.StartArray();
    if (in_object) {
        writer.StartObject();
        put_key(writer, "url");
    }
    put_string(writer, url);
    if (in_object) writer.EndObject();
    if (in_array) writer.EndArray();
}

void put_failure(JsonWriter& writer, const EndingWords& words) {
    writer.StartObject();
    put_member(writer, "error_code", words.code);
    put_member(writer, "error_message", words.message);
    put_key(writer, "classification");
    writer.StartObject();
    put_member(writer, "category", words.category);
    writer.EndObject();
    put_key(writer, "retryable");
    writer.Bool(words.retryable);
    writer.EndObject();
}

void put_output(JsonWriter& writer, const Prediction& prediction, Phase phase, std::string_view base_url) {
    put_key(writer, "output");
    if (phase == Phase::ended && is_failure(prediction.ending)) {
        put_failure(writer, words_of(prediction.ending));
    } else if (phase == Phase::ended && prediction.ending == Ending::success) {
        put_clip(writer, clip_url(prediction, base_url), prediction.shape);
    } else {
        writer.Null();
    }
}

void put_metrics(JsonWriter& writer, const Prediction& prediction, Phase phase) {
    put_key(writer, "metrics");
    writer.StartObject();
    if (phase == Phase::ended) {
        put_key(writer, "predict_time");
        writer.Double(in_seconds(prediction.ends - prediction.created));
        put_key(writer, "cost");
        writer.Double(is_billed(prediction) ? prediction.price : 0.0);
    }
    writer.EndObject();
}

void put_urls(JsonWriter& writer, const Prediction& prediction, std::string_view base_url) {
    put_key(writer, "urls");
    writer.StartObject();
    put_member(writer, "get", fmt::format("{}/prediction/{}", base_url, prediction.id));
    put_member(writer, "cancel", fmt::format("{}/prediction/{}/cancel", base_url, prediction.id));
    writer.EndObject();
}

} // namespace

Phase phase_at(const Prediction& prediction, Instant now) {
    if (now >= prediction.ends) return Phase::ended;
    const Duration age = now - prediction.created;
    const Duration whole = prediction.ends - prediction.created;
    if (age * 50 < whole) return Phase::created;
    return age * 10 < whole ? Phase::starting : Phase::processing;
}

Phase phase_before(Phase phase) {
    return phase == Phase::created ? phase : static_cast<Phase>(static_cast<int>(phase) - 1);
}

bool is_billed(const Prediction& prediction) {
    return prediction.ending == Ending::success || prediction.ending == Ending::no_output;
}

std::string clip_url(const Prediction& prediction, std::string_view base_url) {
    return fmt::format("{}/media/{}.mp4", base_url.substr(0, base_url.rfind('/')), prediction.id);
}

std::string poll_body(const Prediction& prediction, Phase phase, std::string_view model,
                      std::string_view base_url) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    put_member(writer, "id", prediction.id);
    put_member(writer, "predictionID", prediction.id);
    put_member(writer, "model", model);
    put_member(writer, "status", status_word(prediction, phase));
    put_key(writer, "input");
    writer.RawValue(prediction.input.data(), prediction.input.size(), rapidjson::kObjectType);
    put_output(writer, prediction, phase, base_url);
    put_key(writer, "logs");
    writer.Null();
    put_metrics(writer, prediction, phase);
    put_urls(writer, prediction, base_url);
    if (phase == Phase::ended && is_failure(prediction.ending)) {
        put_member(writer, "message", words_of(prediction.ending).message);
        put_member(writer, "details", words_of(prediction.ending).code);
    }
    writer.EndObject();
    return std::string(view(buffer));
}

std::string webhook_body(const Prediction& prediction, std::string_view base_url) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    const bool failed = is_failure(prediction.ending);
    writer.StartObject();
    put_member(writer, "exec_id", prediction.id);
    put_member(writer, "flow_id", "");
    put_member(writer, "status", failed ? "failed" : "succeeded");
    put_key(writer, "output");
    if (failed) {
        writer.StartArray();
        writer.StartObject();
        put_member(writer, "error", words_of(prediction.ending).message);
        writer.EndObject();
        writer.EndArray();
    } else if (prediction.ending == Ending::success) {
        put_clip(writer, clip_url(prediction, base_url), prediction.shape);
    } else {
        writer.Null();
    }
    put_member(writer, "error", "");
    writer.EndObject();
    return std::string(view(buffer));
}

} // namespace reeld::sandbox
