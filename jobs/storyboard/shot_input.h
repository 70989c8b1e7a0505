/// The `input` of a shot: its own parameters over the storyboard's defaults, typed and checked by the model's
/// schema, as the JSON that will be sent.
#pragma once

#include "jobs/storyboard/catalog.h"
#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/final_check.h"
#include "jobs/storyboard/parameter.h"
#include "jobs/storyboard/storyboard_limits.h"
#include "jobs/storyboard/value_writer.h"
#include "jobs/storyboard/yaml_tree.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

struct ShotInput {
    std::string json;     ///< Compact; defaults first, then the shot's own, each in the file's order.
    int clip_seconds = 0; ///< The clip length asked for or the model's default; 0: unknown.
};

/// Makes the inputs of all shots of one storyboard. What a default becomes for a model is worked out once.
class ShotInputs {
public:
    ShotInputs(const SourceText& source, const YamlTree& tree, const StoryboardLimits& limits,
               const Catalog& catalog, FaultList& faults)
        : tree_(tree), limits_(limits), catalog_(catalog), faults_(faults), writer_(source, tree, faults) {}

    /// What lies under every shot's parameters. Call before the first read().
    void set_defaults(std::vector<Parameter> defaults);

    /// The input of one shot; std::nullopt, with faults added, when there is none. `own` holds each name
    /// once; a null value takes a default away, and `prompt` and `multi_prompt` drop each other's default.
    /// `shot_offset` is the place for faults about what is missing. A model that the catalog does not know
    /// takes everything.
    [[nodiscard]] std::optional<ShotInput> read(std::string_view model, std::size_t shot_offset,
                                                std::span<const Parameter> own);

private:
    /// A default in the types of one model.
    struct TypedDefault {
        enum class State : std::uint8_t { not_tried, fits, faulty } state = State::not_tried;
        std::string json;
    };
    struct Model {
        std::string slug;
        const CatalogModel* known = nullptr;
        std::unique_ptr<FinalCheck> final_check; ///< Of built-in models only.
        std::vector<TypedDefault> defaults;
        int fallback_seconds = 0;
    };

    Model& model_of(std::string_view slug);
    [[nodiscard]] std::vector<Parameter> merge(std::span<const Parameter> own) const;
    bool check_presence(const Model& model, std::size_t shot_offset, std::span<const Parameter> parameters);
    bool check_absent(const Model& model, std::span<const Parameter> own);
    bool check_exactly_one(const Model& model, std::size_t shot_offset,
                           std::span<const Parameter> parameters);
    bool append(Model& model, const Parameter& parameter, std::string& json);
    bool append_default(Model& model, const Parameter& parameter, std::string& json);
    bool append_typed(const Model& model, const Parameter& parameter, std::string& json);
    bool agrees(const Model& model, std::size_t shot_offset, const std::string& json);
    void add_unknown_parameter(const Model& model, const Parameter& parameter);

    const YamlTree& tree_;
    const StoryboardLimits& limits_;
    const Catalog& catalog_;
    FaultList& faults_;
    ValueWriter writer_;
    std::vector<Parameter> defaults_;
    std::map<std::string, Model, std::less<>> models_;
};

} // namespace reeld
