#include "jobs/storyboard/shot_input.h"

#include "jobs/models/known_models.h"
#include "jobs/storyboard/advice.h"
#include "jobs/storyboard/byte_count.h"
#include "jobs/storyboard/json_text.h"
#include "jobs/storyboard/nearest_name.h"
#include "jobs/storyboard/storyboard_keys.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace reeld {

namespace {

/// A model's default clip length, from its schema: `"default": "5"` or `5`.
int fallback_seconds_of(const ModelSchema& schema) {
    const ValueSchema::Property* duration = schema.input.find_property("duration");
    if (duration == nullptr) return 0;
    std::string_view text = duration->schema.fallback;
    if (text.starts_with('"')) text.remove_prefix(1);
    std::uint16_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds;
}

/// Joins names with "and" or "or": `"a" and "b"`.
std::string join(const std::vector<std::string>& names, std::string_view word) {
    std::string out;
    for (const std::string& name : names) {
        out += out.empty() ? make_visible(name) : fmt::format(" {} {}", word, make_visible(name));
    }
    return out;
}

/// Whether a key could be the name of a parameter of some model. "Scene 4" is the beginning of a prompt.
bool looks_like_parameter(std::string_view name) {
    return std::none_of(name.begin(), name.end(), [](char c) {
        return c == ' ' || c == ',' || c == ':' || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
    });
}

/// Whether the default `name` gives way to what the shot has itself: a prompt and a multi_prompt exclude each
/// other, so whoever writes one of them does not want the other's default.
bool gives_way(std::string_view name, bool has_prompt, bool has_multi_prompt) {
    return (name == "prompt" && has_multi_prompt) || (name == "multi_prompt" && has_prompt);
}

} // namespace

void ShotInputs::set_defaults(std::vector<Parameter> defaults) {
    defaults_ = std::move(defaults);
}

ShotInputs::Model& ShotInputs::model_of(std::string_view slug) {
    const auto found = models_.find(slug);
    if (found != models_.end()) return found->second;
    Model model{.slug = std::string(slug), .known = catalog_.find(slug), .defaults = {}};
    model.defaults.resize(defaults_.size());
    if (model.known != nullptr) model.fallback_seconds = fallback_seconds_of(model.known->schema);
    for (const KnownModel& known : known_models()) {
        if (known.slug == slug) model.final_check = std::make_unique<FinalCheck>(known.schema);
    }
    return models_.emplace(model.slug, std::move(model)).first->second;
}

std::vector<Parameter> ShotInputs::merge(std::span<const Parameter> own) const {
    const auto has = [&](std::string_view name) {
        const Parameter* found = find_parameter(own, name);
        return found != nullptr && tree_.kind(found->value) != YamlKind::null;
    };
    const bool has_prompt = has("prompt");
    const bool has_multi_prompt = has("multi_prompt");

    std::vector<Parameter> merged;
    merged.reserve(defaults_.size() + own.size());
    for (const Parameter& fallback : defaults_) {
        if (tree_.kind(fallback.value) == YamlKind::null) continue;
        const Parameter* replacement = find_parameter(own, fallback.name);
        if (replacement == nullptr) {
            if (!gives_way(fallback.name, has_prompt, has_multi_prompt)) merged.push_back(fallback);
        } else if (tree_.kind(replacement->value) != YamlKind::null) {
            merged.push_back(*replacement);
        }
    }
    for (const Parameter& parameter : own) {
        if (tree_.kind(parameter.value) == YamlKind::null) continue;
        const Parameter* fallback = find_parameter(defaults_, parameter.name);
        if (fallback == nullptr || tree_.kind(fallback->value) == YamlKind::null) merged.push_back(parameter);
    }
    return merged;
}

std::optional<ShotInput> ShotInputs::read(std::string_view slug, std::size_t shot_offset,
                                          std::span<const Parameter> own) {
    Model& model = model_of(slug);
    const std::vector<Parameter> parameters = merge(own);
    bool fits = check_presence(model, shot_offset, parameters);
    fits = check_absent(model, own) && fits;

    ShotInput input;
    input.json += '{';
    for (const Parameter& parameter : parameters) {
        if (input.json.size() > 1) input.json += ',';
        fits = append(model, parameter, input.json) && fits;
    }
    input.json += '}';
    if (input.json.size() > limits_.input_bytes_max) {
        faults_.error(shot_offset, fmt::format("the input of this shot has {} bytes; at most {} can be sent",
                                               input.json.size(), bytes_in_words(limits_.input_bytes_max)));
        return std::nullopt;
    }
    if (!fits || !agrees(model, shot_offset, input.json)) return std::nullopt;
    if (model.known != nullptr) advise(model.known->schema.advice, tree_, parameters, faults_);
    input.clip_seconds = asked_seconds(tree_, parameters);
    if (input.clip_seconds == 0) input.clip_seconds = model.fallback_seconds;
    return input;
}

bool ShotInputs::check_presence(const Model& model, std::size_t shot_offset,
                                std::span<const Parameter> parameters) {
    if (model.known == nullptr) return true;
    bool fits = check_exactly_one(model, shot_offset, parameters);
    for (const std::string& name : model.known->schema.input.required) {
        if (find_parameter(parameters, name) != nullptr) continue;
        faults_.error(shot_offset,
                      fmt::format("this shot lacks {}, which {} requires", quote(name), model.slug));
        fits = false;
    }
    return fits;
}

/// A null takes a default away. One that takes nothing away, under a name that the model does not have, is a
/// slip: `{prompt:a}` is a key "prompt:a" without a value.
bool ShotInputs::check_absent(const Model& model, std::span<const Parameter> own) {
    if (model.known == nullptr || !model.known->schema.input.closed) return true;
    bool fits = true;
    for (const Parameter& parameter : own) {
        const bool absent = tree_.kind(parameter.value) == YamlKind::null;
        if (!absent || model.known->schema.input.find_property(parameter.name) != nullptr) continue;
        if (find_parameter(defaults_, parameter.name) != nullptr) continue;
        add_unknown_parameter(model, parameter);
        fits = false;
    }
    return fits;
}

bool ShotInputs::check_exactly_one(const Model& model, std::size_t shot_offset,
                                   std::span<const Parameter> parameters) {
    const std::vector<std::string>& names = model.known->schema.input.exactly_one;
    if (names.empty()) return true;
    std::vector<const Parameter*> given;
    for (const std::string& name : names) {
        if (const Parameter* found = find_parameter(parameters, name)) given.push_back(found);
    }
    if (given.empty()) {
        faults_.error(shot_offset, fmt::format("this shot needs {}", join(names, "or")));
    } else if (given.size() > 1) {
        const auto last =
            std::max_element(given.begin(), given.end(),
                             [](const Parameter* a, const Parameter* b) { return a->offset < b->offset; });
        faults_.error((*last)->offset,
                      fmt::format("{} exclude each other: keep one of them", join(names, "and")));
    }
    return given.size() == 1;
}

bool ShotInputs::append(Model& model, const Parameter& parameter, std::string& json) {
    return parameter.is_default ? append_default(model, parameter, json)
                                : append_typed(model, parameter, json);
}

bool ShotInputs::append_default(Model& model, const Parameter& parameter, std::string& json) {
    const auto at = std::find_if(defaults_.begin(), defaults_.end(), [&](const Parameter& candidate) {
        return candidate.name == parameter.name;
    });
    TypedDefault& typed = model.defaults[static_cast<std::size_t>(at - defaults_.begin())];
    if (typed.state == TypedDefault::State::not_tried) {
        const bool fits = append_typed(model, parameter, typed.json);
        typed.state = fits ? TypedDefault::State::fits : TypedDefault::State::faulty;
    }
    json += typed.json;
    return typed.state == TypedDefault::State::fits;
}

bool ShotInputs::append_typed(const Model& model, const Parameter& parameter, std::string& json) {
    const ValueSchema* schema = &kAnything;
    if (model.known != nullptr) {
        const ValueSchema& input = model.known->schema.input;
        const ValueSchema::Property* property = input.find_property(parameter.name);
        if (property == nullptr && input.closed) {
            add_unknown_parameter(model, parameter);
            return false;
        }
        if (property != nullptr) schema = &property->schema;
    }
    append_json_string(json, parameter.name);
    json += ':';
    return writer_.write(parameter.value, *schema, {.of = nullptr, .key = parameter.name, .index = 0}, json);
}

bool ShotInputs::agrees(const Model& model, std::size_t shot_offset, const std::string& json) {
    if (model.final_check == nullptr) return true;
    const auto complaint = model.final_check->complaint(json);
    if (!complaint) return true;
    faults_.error(shot_offset,
                  fmt::format("the input of this shot does not fit the schema of {} ({}); please report "
                              "this storyboard, the check should have said it better",
                              model.slug, *complaint));
    return false;
}

void ShotInputs::add_unknown_parameter(const Model& model, const Parameter& parameter) {
    std::vector<std::string_view> names;
    for (const auto& property : model.known->schema.input.properties) names.push_back(property.name);
    if (!parameter.is_default) names.insert(names.end(), kShotKeys.begin(), kShotKeys.end());
    std::string nearest = did_you_mean(parameter.name, names);
    if (nearest.empty() && !looks_like_parameter(parameter.name)) {
        nearest = ": if it is part of a text, put quotes around the text";
    }
    if (nearest.empty()) nearest = fmt::format("; `reeld models {}` lists them", model.slug);
    faults_.error(parameter.offset,
                  fmt::format("{} has no parameter {}{}", model.slug, quote(parameter.name), nearest));
}

} // namespace reeld
