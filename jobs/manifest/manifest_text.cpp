#include "jobs/manifest/manifest_text.h"

#include "jobs/text/rfc3339.h"
#include "jobs/text/utf8.h"

#include <cassert>
#include <cmath>
#include <optional>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld {
namespace {

/// The version of manifest.json's shape, its key "manifest". Adding a key keeps it.
constexpr int kManifestFormat = 1;

template <class Json>
void put_string(Json& json, std::string_view text) {
    const std::string repaired = mend_utf8(text);
    json.String(repaired.data(), static_cast<rapidjson::SizeType>(repaired.size()));
}

template <class Json>
void put_text(Json& json, const char* key, std::string_view value) {
    json.Key(key);
    put_string(json, value);
}

/// Empty texts are absent facts.
template <class Json>
void put_known_text(Json& json, const char* key, std::string_view value) {
    if (!value.empty()) put_text(json, key, value);
}

/// JSON has no infinity and no NaN; a provider that sends one has told us nothing.
template <class Json>
void put_known_number(Json& json, const char* key, std::optional<double> value) {
    if (!value || !std::isfinite(*value)) return;
    json.Key(key);
    json.Double(*value);
}

template <class Json>
void put_known_time(Json& json, const char* key, std::optional<WallTime> value) {
    if (value) put_text(json, key, rfc3339(*value));
}

template <class Json>
void put_urls(Json& json, const std::vector<std::string>& urls) {
    if (urls.empty()) return;
    put_text(json, "url", urls.front());
    json.Key("urls");
    json.StartArray();
    for (const std::string& url : urls) put_string(json, url);
    json.EndArray();
}

/// `input` is JSON already. A line break can stand only between its tokens, never inside a string.
template <class Json>
void put_input(Json& json, const std::string& input) {
    if (input.empty()) return;
    std::string line = mend_utf8(input);
    for (char& c : line) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    json.Key("input");
    json.RawValue(line.data(), line.size(), rapidjson::kObjectType);
}

template <class Json>
void put_error(Json& json, const std::optional<ProviderError>& error) {
    if (!error) return;
    json.Key("error");
    json.StartObject();
    put_known_text(json, "code", error->code);
    put_text(json, "message", error->message);
    put_known_text(json, "details", error->details);
    json.EndObject();
}

template <class Json>
void put_counts(Json& json, const ManifestCounts& counts) {
    json.Key("counts");
    json.StartObject();
    json.Key("total");
    json.Uint(counts.total);
    json.Key("succeeded");
    json.Uint(counts.succeeded);
    json.Key("failed");
    json.Uint(counts.failed);
    json.Key("cancelled");
    json.Uint(counts.cancelled);
    json.EndObject();
}

} // namespace

std::string manifest_line(const ManifestShot& shot) {
    assert(is_final(shot.state));
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> json(text);
    json.StartObject();
    put_text(json, "batch", shot.batch);
    put_text(json, "shot", shot.shot.id);
    json.Key("index");
    json.Uint(shot.index);
    put_text(json, "model", shot.shot.model);
    put_text(json, "status", to_word(shot.state));
    put_urls(json, shot.rendered.urls);
    put_known_text(json, "prediction_id", shot.prediction);
    json.Key("attempts");
    json.Int(shot.attempts);
    put_known_number(json, "predict_time", shot.predict_time_s);
    put_known_number(json, "cost", shot.cost_usd);
    put_known_time(json, "created_at", shot.created_at);
    put_known_time(json, "finished_at", shot.finished_at);
    put_input(json, shot.shot.input);
    put_error(json, shot.error);
    json.EndObject();
    return {text.GetString(), text.GetSize()};
}

std::string_view batch_status(const ManifestCounts& counts) {
    if (counts.succeeded == counts.total) return "succeeded";
    if (counts.succeeded > 0) return "partial";
    if (counts.cancelled == counts.total) return "cancelled";
    return "failed";
}

std::string manifest_head(const ManifestHead& head) {
    rapidjson::StringBuffer text;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> json(text);
    json.SetIndent(' ', 2);
    json.StartObject();
    json.Key("manifest");
    json.Int(kManifestFormat);
    put_text(json, "batch", head.batch);
    put_text(json, "storyboard", head.storyboard);
    put_text(json, "sha256", head.sha256);
    put_text(json, "status", batch_status(head.counts));
    put_counts(json, head.counts);
    put_text(json, "accepted_at", rfc3339(head.accepted_at));
    put_text(json, "finished_at", rfc3339(head.finished_at));
    json.Key("shots");
    json.StartArray(); // Ended by manifest_tail().
    return std::string{text.GetString(), text.GetSize()} + '\n';
}

std::string manifest_tail() {
    return "\n  ]\n}\n";
}

} // namespace reeld
