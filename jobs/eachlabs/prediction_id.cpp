#include "jobs/eachlabs/prediction_id.h"

#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/json_body.h"

#include <algorithm>
#include <array>

namespace reeld::eachlabs {

bool is_prediction_id(std::string_view text) {
    if (text.empty() || text.size() > kPredictionIdBytesMax) return false;
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    return printable && text.find_first_not_of("./") != std::string_view::npos;
}

namespace {

constexpr std::array<std::string_view, 3> kNames = {"predictionID", "prediction_id", "id"};

} // namespace

std::string prediction_id_in(const rapidjson::Value& value) {
    for (const std::string_view name : kNames) {
        const std::string_view id = string_member(value, name);
        if (is_prediction_id(id)) return std::string{id};
    }
    return {};
}

bool names_prediction(const rapidjson::Value& value, std::string_view prediction) {
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view name) { return string_member(value, name) == prediction; });
}

bool names_only_others(const rapidjson::Value& value, std::string_view prediction) {
    return !prediction_id_in(value).empty() && !names_prediction(value, prediction);
}

} // namespace reeld::eachlabs
