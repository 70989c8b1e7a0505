#include "daemon/cli/models_output.h"

#include "daemon/control/json_output.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace reeld {

namespace {

bool is_required(const CatalogModel& model, const std::string& name) {
    const auto& required = model.schema.input.required;
    return std::find(required.begin(), required.end(), name) != required.end();
}

void add_head(Json& json, const CatalogModel& model) {
    add_member(json, "slug", model.slug);
    add_member(json, "title", model.title);
    json.Key("typical_seconds");
    json.Int(model.schema.typical_seconds);
}

std::string typical(const CatalogModel& model) {
    return model.schema.typical_seconds > 0 ? fmt::format("about {} s", model.schema.typical_seconds)
                                            : "time unknown";
}

} // namespace

std::string catalog_text(const Catalog& catalog) {
    std::size_t width = 0;
    for (const auto& model : catalog.models()) width = std::max(width, model.slug.size());
    std::string lines;
    for (const auto& model : catalog.models()) {
        lines += fmt::format("{:<{}}  {:<12}  {}\n", model.slug, width, typical(model), model.title);
    }
    return lines;
}

std::string catalog_json(const Catalog& catalog) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("models");
    json.StartArray();
    for (const auto& model : catalog.models()) {
        json.StartObject();
        add_head(json, model);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::string model_text(const CatalogModel& model) {
    std::string lines = fmt::format("{}: {} ({})\n", model.slug, model.title, typical(model));
    if (!model.description.empty()) lines += model.description + "\n";
    if (model.schema.input.properties.empty())
        lines += "\nIts input is not documented: any parameters are sent as they are typed.\n";
    for (const auto& [name, schema] : model.schema.input.properties) {
        lines += fmt::format("\n{}{}\n    {}", name, is_required(model, name) ? " (required)" : "",
                             describe(schema));
        if (!schema.fallback.empty()) lines += fmt::format("; default {}", schema.fallback);
        lines += "\n";
        if (!schema.description.empty()) lines += "    " + schema.description + "\n";
    }
    return lines;
}

std::string model_json(const CatalogModel& model) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_head(json, model);
    add_member(json, "description", model.description);
    json.Key("parameters");
    json.StartArray();
    for (const auto& [name, schema] : model.schema.input.properties) {
        json.StartObject();
        add_member(json, "name", name);
        json.Key("required");
        json.Bool(is_required(model, name));
        add_member(json, "takes", describe(schema));
        if (!schema.fallback.empty()) {
            json.Key("default");
            json.RawValue(schema.fallback.data(), schema.fallback.size(), rapidjson::kStringType);
        }
        add_member(json, "description", schema.description);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace reeld
