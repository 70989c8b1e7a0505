/// The part of the provider that needs no account: models and videos.
#include "daemon/sandbox/byte_range.h"
#include "daemon/sandbox/clip.h"
#include "daemon/sandbox/json.h"
#include "daemon/sandbox/provider.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

void put_model(JsonWriter& writer, const Model& model) {
    writer.StartObject();
    put_member(writer, "title", model.title);
    put_member(writer, "slug", model.slug);
    put_member(writer, "version", "0.0.1");
    put_member(writer, "output_type", "string");
    put_key(writer, "request_schema");
    writer.RawValue(model.request_schema.data(), model.request_schema.size(), rapidjson::kObjectType);
    writer.EndObject();
}

} // namespace

Reply Provider::model(const Request& request) const {
    const auto slug = request.query_value("slug");
    if (!slug || slug->empty()) return refuse({400, "Invalid query parameter", "slug is required"});
    const auto model = std::ranges::find(models_, *slug, &Model::slug);
    if (model == models_.end()) return refuse({404, "Model not found", fmt::format("no model {}", *slug)});
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    put_model(writer, *model);
    Reply reply;
    reply.body = view(buffer);
    return reply;
}

Reply Provider::models(const Request& request) const {
    const std::string_view name = request.query_value("name").value_or("");
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartArray();
    for (const Model& model : models_) {
        if (model.slug.find(name) != std::string::npos) put_model(writer, model);
    }
    writer.EndArray();
    Reply reply;
    reply.body = view(buffer);
    return reply;
}

Reply Provider::media(const Request& request, std::string_view id, Instant now) {
    const Prediction* prediction = predictions_.find(id);
    const bool is_there = prediction != nullptr && phase_at(*prediction, now) == Phase::ended &&
                          prediction->ending == Ending::success;
    if (!is_there) return refuse({404, "Not found", fmt::format("there is no video of {}", id)});
    return serve_bytes(clip(), "video/mp4", request.range, request.if_range);
}

} // namespace reeld::sandbox
