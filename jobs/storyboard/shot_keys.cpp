#include "jobs/storyboard/shot_keys.h"

#include "jobs/storyboard/core_schema.h"
#include "jobs/storyboard/names.h"
#include "jobs/storyboard/storyboard_keys.h"
#include "jobs/storyboard/zone_name.h"
#include "jobs/text/hours.h"
#include "jobs/text/number.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld {

namespace {

/// No model has as many; looking for a name among them stays cheap.
constexpr std::size_t kParametersMax = 256;

/// Entries of a mapping that are looked at: enough to meet a parameter too many, whatever else stands there.
constexpr std::size_t kEntriesMax = kParametersMax + kShotKeys.size() + 1;

constexpr int kPriorityMax = 100;

} // namespace

std::optional<std::string_view> ShotKeysReader::read_text(YamlTree::Entry entry) {
    if (tree_.kind(entry.value) == YamlKind::scalar) return tree_.text(entry.value);
    if (tree_.kind(entry.value) != YamlKind::null) {
        faults_.error(tree_.offset(entry.value), fmt::format("{} must be a text", tree_.text(entry.key)));
    }
    return std::nullopt;
}

std::optional<int> ShotKeysReader::read_integer(YamlTree::Entry entry, int min, int max) {
    if (tree_.kind(entry.value) == YamlKind::null) return std::nullopt;
    if (tree_.kind(entry.value) == YamlKind::scalar && !tree_.is_string(entry.value)) {
        const CoreScalar scalar = resolve_scalar(tree_.text(entry.value));
        const auto number = to_number<int>(scalar.json);
        if (scalar.type == CoreType::integer && number && *number >= min && *number <= max) return number;
    }
    std::string got;
    if (tree_.kind(entry.value) == YamlKind::scalar) {
        const std::string_view text = tree_.text(entry.value);
        const bool is_string = tree_.is_string(entry.value);
        got = fmt::format("; got {}", shown_scalar(text, is_string));
        const bool needs_no_quotes = is_string && resolve_scalar(text).type != CoreType::string;
        if (needs_no_quotes) got += ": remove the quotes";
    }
    faults_.error(tree_.offset(entry.value), fmt::format("{} must be a whole number from {} to {}{}",
                                                         tree_.text(entry.key), min, max, got));
    return std::nullopt;
}

std::string ShotKeysReader::read_name(YamlTree::Entry entry) {
    const std::optional<std::string_view> text = read_text(entry);
    if (!text) return {};
    if (is_name(*text)) return std::string(*text);
    const std::string suggestion = suggest_name(*text);
    faults_.error(tree_.offset(entry.value),
                  fmt::format("{} cannot be a name, since it becomes the name of a file: use {}{}",
                              quote(*text), kNameRule,
                              suggestion.empty() ? "" : fmt::format(", such as {}", suggestion)));
    return {};
}

std::string ShotKeysReader::read_model(YamlTree::Entry entry) {
    const std::optional<std::string_view> text = read_text(entry);
    if (!text) return {};
    if (is_slug(*text)) return std::string(*text);
    faults_.error(
        tree_.offset(entry.value),
        fmt::format("{} cannot be the slug of a model: `reeld models` lists those known", quote(*text)));
    return {};
}

std::string ShotKeysReader::read_hours(YamlTree::Entry entry, std::span<const std::string> zones) {
    const auto text = read_text(entry);
    if (!text) return "";
    const auto windows = parse_hours(*text);
    const auto zone = windows && !zones.empty() ? unknown_zone(*windows, zones) : std::nullopt;
    if (windows && !zone) return std::string(*text);
    faults_.error(tree_.offset(entry.value),
                  zone ? fmt::format("hours {}", why_no_zone(*zone, zones))
                       : fmt::format("hours must be such as {}; got {}", kHoursForm, quote(*text)));
    return "";
}

std::optional<int> ShotKeysReader::read_priority(YamlTree::Entry entry) {
    return read_integer(entry, -kPriorityMax, kPriorityMax);
}

std::string ShotKeysReader::read_note(YamlTree::Entry entry) {
    const std::string_view note = read_text(entry).value_or("");
    if (note.size() <= limits_.note_bytes_max) return std::string(note);
    faults_.error(tree_.offset(entry.value), fmt::format("the note has {} bytes; at most {} are kept",
                                                         note.size(), limits_.note_bytes_max));
    return {};
}

std::vector<std::string> ShotKeysReader::read_tags(YamlTree::Entry entry) {
    std::vector<std::string> tags;
    if (tree_.kind(entry.value) == YamlKind::null) return tags;
    if (tree_.kind(entry.value) != YamlKind::sequence) {
        faults_.error(tree_.offset(entry.value), "tags must be a list of texts, such as [night, harbor]");
        return tags;
    }
    for (const YamlTree::Value tag : tree_.items(entry.value)) {
        if (tree_.kind(tag) != YamlKind::scalar || tree_.text(tag).empty() ||
            tree_.text(tag).size() > limits_.tag_bytes_max) {
            faults_.error(tree_.offset(tag),
                          fmt::format("a tag must be a text of 1 to {} bytes", limits_.tag_bytes_max));
        } else {
            tags.emplace_back(tree_.text(tag));
        }
    }
    if (tags.size() > limits_.tags_max) {
        faults_.error(tree_.offset(entry.value),
                      fmt::format("{} tags; a shot can have {}", tags.size(), limits_.tags_max));
    }
    return tags;
}

void ShotKeysReader::add_parameter(YamlTree::Entry entry, std::vector<Parameter>& parameters) {
    const std::string_view name = tree_.text(entry.key);
    if (parameters.size() >= kParametersMax) {
        faults_.error(tree_.offset(entry.key), fmt::format("more than {} parameters", kParametersMax));
        return;
    }
    if (find_parameter(parameters, name) != nullptr) {
        faults_.error(
            tree_.offset(entry.key),
            fmt::format("{} is given both directly and under \"input\": keep one of them", quote(name)));
        return;
    }
    parameters.push_back({.name = name, .offset = tree_.offset(entry.key), .value = entry.value});
}

void ShotKeysReader::read_input(YamlTree::Entry entry, std::vector<Parameter>& parameters) {
    if (tree_.kind(entry.value) == YamlKind::null) return;
    if (tree_.kind(entry.value) != YamlKind::mapping) {
        faults_.error(tree_.offset(entry.value), "input must be a mapping of parameters to values");
        return;
    }
    const std::size_t count = std::min(tree_.entry_count(entry.value), kParametersMax + 1);
    for (std::size_t i = 0; i < count; ++i) add_parameter(tree_.entry(entry.value, i), parameters);
}

bool ShotKeysReader::read_own_key(YamlTree::Entry entry, ShotKeys& shot) {
    const std::string_view key = tree_.text(entry.key);
    if (key == "id") {
        shot.id = read_name(entry);
        shot.id_offset = tree_.offset(entry.value);
    } else if (key == "model") {
        shot.model = read_model(entry);
        shot.model_offset = tree_.offset(entry.value);
        shot.names_model = tree_.kind(entry.value) != YamlKind::null;
    } else if (key == "priority") {
        shot.priority = read_priority(entry);
    } else if (key == "takes") {
        shot.takes = read_integer(entry, 1, static_cast<int>(limits_.takes_max));
    } else if (key == "note") {
        shot.note = read_note(entry);
    } else if (key == "tags") {
        shot.tags = read_tags(entry);
    } else {
        return false;
    }
    return true;
}

/// A key whose colon has no blank after it makes a text of its line.
void ShotKeysReader::check_for_key(YamlTree::Value prompt) {
    const std::string_view text = tree_.text(prompt);
    const std::string_view word = text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"));
    const std::string_view rest = text.substr(word.size());
    if (!rest.starts_with(':') && !rest.starts_with("\uFF1A")) return;
    const bool is_key = word == "prompt" || word == "multi_prompt" ||
                        std::find(kShotKeys.begin(), kShotKeys.end(), word) != kShotKeys.end();
    if (!is_key) return;
    faults_.warning(
        tree_.offset(prompt),
        fmt::format("all of this is a prompt: if {0} is a key, write \"{0}: \", with a blank", word));
}

std::optional<ShotKeys> ShotKeysReader::read_shot(YamlTree::Value value) {
    ShotKeys shot;
    shot.offset = tree_.offset(value);
    shot.id_offset = shot.offset;
    shot.model_offset = shot.offset;
    const bool is_text =
        tree_.kind(value) == YamlKind::scalar &&
        (tree_.is_string(value) || resolve_scalar(tree_.text(value)).type == CoreType::string);
    if (is_text) {
        shot.parameters.push_back({.name = "prompt", .offset = shot.offset, .value = value});
        if (!tree_.is_string(value)) check_for_key(value);
        return shot;
    }
    if (tree_.kind(value) != YamlKind::mapping) {
        const bool scalar = tree_.kind(value) == YamlKind::scalar;
        const bool nothing = tree_.kind(value) == YamlKind::null;
        faults_.error(shot.offset, fmt::format("a shot is a text (its prompt) or a mapping; this is {}",
                                               scalar    ? "neither: if it is a prompt, put quotes around it"
                                               : nothing ? "nothing"
                                                         : "a list"));
        return std::nullopt;
    }
    const std::size_t count = std::min(tree_.entry_count(value), kEntriesMax);
    for (std::size_t i = 0; i < count; ++i) {
        const YamlTree::Entry entry = tree_.entry(value, i);
        if (tree_.text(entry.key) == "input" || read_own_key(entry, shot)) continue;
        add_parameter(entry, shot.parameters);
    }
    if (const auto input = tree_.find(value, "input")) read_input(*input, shot.parameters);
    return shot;
}

void ShotKeysReader::check_defaults_key(YamlTree::Entry entry) {
    const std::string_view key = tree_.text(entry.key);
    const bool for_all = key == "model" || key == "priority";
    faults_.error(
        tree_.offset(entry.key),
        for_all
            ? fmt::format("{} is no parameter: write it at the top of the file, outside \"defaults\"", key)
            : fmt::format("{} belongs to a single shot; a parameter of that name goes under \"input\"", key));
}

std::vector<Parameter> ShotKeysReader::read_defaults(YamlTree::Value defaults) {
    std::vector<Parameter> parameters;
    if (tree_.kind(defaults) == YamlKind::null) return parameters;
    if (tree_.kind(defaults) != YamlKind::mapping) {
        faults_.error(tree_.offset(defaults), "defaults must be a mapping of parameters to values");
        return parameters;
    }
    const std::size_t count = std::min(tree_.entry_count(defaults), kEntriesMax);
    for (std::size_t i = 0; i < count; ++i) {
        const YamlTree::Entry entry = tree_.entry(defaults, i);
        const std::string_view key = tree_.text(entry.key);
        if (key == "input") continue;
        if (std::find(kShotKeys.begin(), kShotKeys.end(), key) != kShotKeys.end()) {
            check_defaults_key(entry);
        } else {
            add_parameter(entry, parameters);
        }
    }
    if (const auto input = tree_.find(defaults, "input")) read_input(*input, parameters);
    for (Parameter& parameter : parameters) parameter.is_default = true;
    return parameters;
}

} // namespace reeld
