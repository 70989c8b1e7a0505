/// The models that the sandbox renders, and what each of them accepts.
///
/// An implementation of its own, from the provider's model pages: it does not share the client's catalog,
/// so a mistake there comes back as a 422 here.
#pragma once

#include "daemon/sandbox/provider_options.h"

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <vector>

namespace reeld::sandbox {

struct Model {
    std::string slug;
    std::string title;
    Duration typical_time{};
    std::string_view request_schema; ///< JSON.
    bool checks_input = false;       ///< False: any object is accepted.
};

/// Kling v3 Pro, Kling O3 Pro, then the extra ones. An index into the result identifies a model.
[[nodiscard]] std::vector<Model> make_models(const std::vector<ExtraModel>& extra);

/// What a model that checks its input finds wrong with it, one sentence a fault, joined by "; "; empty:
/// nothing. Requires an object.
[[nodiscard]] std::string complaint_about_input(const rapidjson::Value& input);

/// The seconds of video that a model makes of an input that does not say, as its page has it.
inline constexpr int kClipSecondsDefault = 5;

/// The seconds of video that the input asks for. For the price.
[[nodiscard]] int clip_seconds(const rapidjson::Value& input);

} // namespace reeld::sandbox
