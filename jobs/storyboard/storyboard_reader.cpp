#include "jobs/storyboard/storyboard_reader.h"

#include "jobs/storyboard/byte_count.h"
#include "jobs/storyboard/names.h"
#include "jobs/storyboard/nearest_name.h"
#include "jobs/storyboard/shot_ids.h"
#include "jobs/storyboard/shot_input.h"
#include "jobs/storyboard/shot_keys.h"
#include "jobs/storyboard/storyboard_keys.h"
#include "jobs/storyboard/text_check.h"
#include "jobs/text/blanks.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace reeld {

namespace {

/// What a file is held against.
struct Rules {
    const Catalog& catalog;
    const StoryboardLimits& limits;
    std::span<const std::string> zones;
};

/// One reading of one tree.
class Reading {
public:
    Reading(const SourceText& source, const YamlTree& tree, const Rules& rules, FaultList& faults)
        : tree_(tree), catalog_(rules.catalog), limits_(rules.limits), zones_(rules.zones), faults_(faults),
          keys_(tree, rules.limits, faults), inputs_(source, tree, rules.limits, rules.catalog, faults),
          ids_(faults) {}

    void read(const std::string& default_name, StoryboardRead& result);

private:
    bool read_top(const std::string& default_name);
    void check_top_keys();
    void read_shots(YamlTree::Entry shots);
    bool read_shot(YamlTree::Value value, std::size_t position);
    bool keep(const ShotKeys& shot, std::size_t position, const std::string& model, const ShotInput& input);
    const std::string* choose_model(const ShotKeys& shot);
    void note_model(const std::string& slug, std::size_t offset);
    std::optional<YamlTree::Entry> top(std::string_view key) const { return tree_.find(tree_.root(), key); }

    const YamlTree& tree_;
    const Catalog& catalog_;
    const StoryboardLimits& limits_;
    std::span<const std::string> zones_;
    FaultList& faults_;
    ShotKeysReader keys_;
    ShotInputs inputs_;
    ShotIds ids_;
    StoryboardRead result_;
    std::string model_; ///< For shots that name none; empty: none.
    std::size_t model_offset_ = 0;
    bool names_model_ = false; ///< Also when what it names is faulty.
    bool missing_model_reported_ = false;
    std::uint64_t inputs_bytes_ = 0;
};

void Reading::read(const std::string& default_name, StoryboardRead& result) {
    if (!read_top(default_name)) return;
    const auto shots = top("shots");
    if (shots) {
        read_shots(*shots);
    } else {
        faults_.error(tree_.offset(tree_.root()), "there are no shots: list them under the key \"shots\"");
    }
    result = std::move(result_);
}

bool Reading::read_top(const std::string& default_name) {
    const YamlTree::Value root = tree_.root();
    if (tree_.kind(root) == YamlKind::null) {
        faults_.error(tree_.offset(root), "the file is empty: a storyboard has at least the key \"shots\"");
        return false;
    }
    if (tree_.kind(root) != YamlKind::mapping) {
        faults_.error(tree_.offset(root),
                      tree_.kind(root) == YamlKind::sequence
                          ? "a list alone is no storyboard: write \"shots:\" above it"
                          : "this is no storyboard: it begins with keys such as \"shots:\"");
        return false;
    }
    check_top_keys();
    result_.storyboard.name = default_name;
    const auto name = top("storyboard");
    if (name && tree_.kind(name->value) != YamlKind::null) {
        result_.storyboard.name = keys_.read_name(*name);
    } else if (!is_name(default_name)) {
        const std::string suggestion = suggest_name(default_name);
        faults_.error_of_file(
            fmt::format("the file's name {} cannot be the storyboard's: add \"storyboard: {}\" ({})",
                        quote(default_name), suggestion.empty() ? "NAME" : suggestion, kNameRule));
    }
    if (const auto model = top("model")) {
        model_ = keys_.read_model(*model);
        model_offset_ = tree_.offset(model->value);
        names_model_ = tree_.kind(model->value) != YamlKind::null;
    }
    if (const auto priority = top("priority")) {
        result_.storyboard.priority = static_cast<std::int16_t>(keys_.read_priority(*priority).value_or(0));
    }
    if (const auto hours = top("hours")) result_.storyboard.hours = keys_.read_hours(*hours, zones_);
    if (const auto defaults = top("defaults")) inputs_.set_defaults(keys_.read_defaults(defaults->value));
    return true;
}

void Reading::check_top_keys() {
    for (std::size_t i = 0; i < tree_.entry_count(tree_.root()); ++i) {
        const YamlTree::Value key = tree_.entry(tree_.root(), i).key;
        const std::string_view name = tree_.text(key);
        if (std::find(kStoryboardKeys.begin(), kStoryboardKeys.end(), name) != kStoryboardKeys.end())
            continue;
        std::string remedy = did_you_mean(name, kStoryboardKeys);
        if (remedy.empty()) remedy = ": parameters for all shots go under \"defaults\"";
        faults_.error(tree_.offset(key), fmt::format("a storyboard has no key {}{}", quote(name), remedy));
    }
}

void Reading::read_shots(YamlTree::Entry shots) {
    if (tree_.kind(shots.value) == YamlKind::mapping || tree_.kind(shots.value) == YamlKind::scalar) {
        faults_.error(tree_.offset(shots.value), "shots must be a list: begin each shot with \"- \"");
        return;
    }
    if (tree_.kind(shots.value) == YamlKind::null || tree_.items(shots.value).empty()) {
        faults_.error(tree_.offset(shots.key), "there are no shots under \"shots\"");
        return;
    }
    const auto items = tree_.items(shots.value);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!read_shot(items[i], i + 1)) return;
    }
}

/// Returns false when the rest of the shots need not be looked at: a limit on all of them is passed.
bool Reading::read_shot(YamlTree::Value value, std::size_t position) {
    const std::optional<ShotKeys> shot = keys_.read_shot(value);
    if (!shot) return true;
    const std::string* model = choose_model(*shot);
    if (model == nullptr) return true;
    const std::optional<ShotInput> input = inputs_.read(*model, shot->offset, shot->parameters);
    if (!input) return ids_.add(*shot, position), true;
    return keep(*shot, position, *model, *input);
}

bool Reading::keep(const ShotKeys& shot, std::size_t position, const std::string& model,
                   const ShotInput& input) {
    auto& shots = result_.storyboard.shots;
    const std::vector<std::string> ids = ids_.add(shot, position);
    if (shots.size() + ids.size() > limits_.shots_max) {
        faults_.error(shot.offset,
                      fmt::format("more than {} shots, takes counted (storyboard.shots): split the file",
                                  limits_.shots_max));
        return false;
    }
    inputs_bytes_ += input.json.size() * ids.size();
    if (inputs_bytes_ > limits_.inputs_bytes_max) {
        faults_.error(shot.offset,
                      fmt::format("up to here the inputs of all shots have more than {}: split the file",
                                  bytes_in_words(limits_.inputs_bytes_max)));
        return false;
    }
    const int priority = shot.priority.value_or(result_.storyboard.priority);
    const int seconds = std::min<int>(input.clip_seconds, std::numeric_limits<std::uint16_t>::max());
    for (const std::string& id : ids) {
        shots.push_back({.id = id,
                         .model = model,
                         .priority = static_cast<std::int16_t>(priority),
                         .clip_seconds = static_cast<std::uint16_t>(seconds),
                         .input = input.json,
                         .note = shot.note,
                         .tags = shot.tags});
    }
    return true;
}

const std::string* Reading::choose_model(const ShotKeys& shot) {
    const std::string& model = shot.names_model ? shot.model : model_;
    if (!model.empty()) {
        note_model(model, shot.names_model ? shot.model_offset : model_offset_);
        return &model;
    }
    if (!shot.names_model && !names_model_ && !missing_model_reported_) {
        faults_.error(shot.offset,
                      fmt::format("no model: write \"model: {}\" at the top of the file, or into the shot",
                                  catalog_.slugs().front()));
        missing_model_reported_ = true;
    }
    return nullptr;
}

void Reading::note_model(const std::string& slug, std::size_t offset) {
    if (std::find(result_.models.rbegin(), result_.models.rend(), slug) != result_.models.rend()) return;
    if (result_.models.size() == limits_.models_max) {
        faults_.error(offset, fmt::format("more than {} different models", limits_.models_max));
        return;
    }
    result_.models.push_back(slug);
    if (catalog_.find(slug) != nullptr) return;
    result_.unknown_models.push_back(slug);
    const std::vector<std::string_view> known = catalog_.slugs();
    faults_.warning(offset,
                    fmt::format("the model {} is not in the catalog, so its input is sent unchecked{}",
                                quote(slug), did_you_mean(slug, known)));
}

void read_text(std::string_view text, const std::string& default_name, const Rules& rules, FaultList& faults,
               const SourceText& source, StoryboardRead& result) {
    if (text.size() > rules.limits.bytes_max) {
        faults.error_of_file(fmt::format("the file is larger than {} (storyboard.bytes): split it",
                                         bytes_in_words(rules.limits.bytes_max)));
        return;
    }
    if (!check_text(text, faults)) return;
    const std::optional<YamlTree> tree = parse_yaml(source, rules.limits, faults);
    if (tree) Reading(source, *tree, rules, faults).read(default_name, result);
}

} // namespace

StoryboardRead read_storyboard(std::string_view text, const std::string& default_name, const Catalog& catalog,
                               const StoryboardLimits& limits, std::span<const std::string> zones) {
    while (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const SourceText source(text);
    FaultList faults(source, limits.faults_max);
    StoryboardRead result;
    read_text(text, default_name, {.catalog = catalog, .limits = limits, .zones = zones}, faults, source,
              result);
    if (faults.error_count() > 0) {
        result.storyboard.shots.clear();
        result.storyboard.name.clear();
    }
    result.faults = faults.take();
    return result;
}

} // namespace reeld
