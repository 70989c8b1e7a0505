#include "daemon/control/told_lines.h"

#include "daemon/control/json_output.h"

#include <algorithm>

namespace reeld {

namespace {

std::string_view weight_key(Weight weight) {
    switch (weight) {
    case Weight::detail: return "detail";
    case Weight::news: return "news";
    case Weight::warning: return "warning";
    case Weight::error: break;
    }
    return "error";
}

} // namespace

void ToldLines::add(const Told& told) {
    lines_.push_back(told);
    if (lines_.size() <= lines_max) return;
    lines_.pop_front();
    ++first_;
}

std::string ToldLines::since(std::uint64_t from) const {
    const std::uint64_t end = first_ + lines_.size();
    const std::uint64_t begin = std::clamp(from, first_, end);
    const std::uint64_t stop = std::min(end, begin + page_max);
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "next", stop);
    json.Key("lines");
    json.StartArray();
    for (std::uint64_t number = begin; number < stop; ++number) {
        const Told& told = lines_[static_cast<std::size_t>(number - first_)];
        json.StartObject();
        add_member(json, "weight", weight_key(told.weight));
        add_member(json, "event", told.event);
        add_member(json, "text", told.sentence);
        for (const auto& [name, value] : told.fields) {
            if (name == "batch") add_member(json, "batch", value);
        }
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return text_of(buffer);
}

} // namespace reeld
