#include "daemon/cli/check_output.h"

#include "daemon/control/fault_output.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace reeld {

namespace {

void add_shot(Json& json, const StoryboardShot& shot) {
    json.StartObject();
    add_member(json, "shot", shot.id);
    add_member(json, "model", shot.model);
    json.Key("priority");
    json.Int(shot.priority);
    json.Key("input");
    json.RawValue(shot.input.data(), shot.input.size(), rapidjson::kObjectType);
    if (!shot.note.empty()) add_member(json, "note", shot.note);
    if (!shot.tags.empty()) {
        json.Key("tags");
        json.StartArray();
        for (const auto& tag : shot.tags)
            json.String(tag.data(), static_cast<rapidjson::SizeType>(tag.size()));
        json.EndArray();
    }
    json.EndObject();
}

void add_file(Json& json, const CheckedFile& file) {
    json.StartObject();
    add_member(json, "file", file.file);
    json.Key("good");
    json.Bool(file.header.good());
    if (file.header.good()) {
        add_member(json, "storyboard", file.header.name);
        add_member(json, "sha256", file.header.sha256);
    }
    json.Key("shots");
    json.StartArray();
    for (const auto& shot : file.shots) add_shot(json, shot);
    json.EndArray();
    if (!file.header.hours.empty()) add_member(json, "hours", file.header.hours);
    add_faults(json, file.header.faults);
    json.EndObject();
}

} // namespace

std::string check_text(const CheckedFile& file) {
    if (!file.header.good()) return "";
    const auto& hours = file.header.hours;
    std::string lines =
        fmt::format("{}: good: {}, {} shot{}{}\n", file.file, file.header.name, file.shots.size(),
                    file.shots.size() == 1 ? "" : "s", hours.empty() ? "" : ", created within " + hours);
    std::size_t id_width = 0;
    for (const auto& shot : file.shots) id_width = std::max(id_width, shot.id.size());
    for (const auto& shot : file.shots)
        lines += fmt::format("  {:<{}}  {}  {}\n", shot.id, id_width, shot.model, shot.input);
    return lines;
}

std::string check_json(std::span<const CheckedFile> files) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    json.Key("files");
    json.StartArray();
    for (const auto& file : files) add_file(json, file);
    json.EndArray();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace reeld
