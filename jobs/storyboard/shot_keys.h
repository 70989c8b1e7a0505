/// A shot as the storyboard writes it: its own keys, checked one by one, and its parameters, not yet checked.
#pragma once

#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/parameter.h"
#include "jobs/storyboard/storyboard_limits.h"
#include "jobs/storyboard/yaml_tree.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// What a shot says of itself. A key that is absent or null leaves its member empty.
struct ShotKeys {
    std::size_t offset = 0;    ///< Of the shot.
    std::string id;            ///< As given, not expanded by takes.
    std::size_t id_offset = 0; ///< Of the id, or of the shot when it has none.
    std::string model;
    std::size_t model_offset = 0; ///< Of the model, or of the shot when it names none.
    bool names_model = false;     ///< Also when what it names is faulty.
    std::optional<int> priority;
    std::optional<int> takes;
    std::string note;
    std::vector<std::string> tags;
    /// Each name once, in the file's order; those under `input:` come last.
    std::vector<Parameter> parameters;
};

/// Reads single values by the rules of the format. Every method that returns nothing for a value that is
/// there has added a fault.
class ShotKeysReader {
public:
    ShotKeysReader(const YamlTree& tree, const StoryboardLimits& limits, FaultList& faults)
        : tree_(tree), limits_(limits), faults_(faults) {}

    /// One element of `shots`. A plain string is a prompt. std::nullopt: it is no shot at all.
    [[nodiscard]] std::optional<ShotKeys> read_shot(YamlTree::Value shot);

    /// `defaults`: parameters, written like those of a shot. Keys that belong elsewhere are faults.
    [[nodiscard]] std::vector<Parameter> read_defaults(YamlTree::Value defaults);

    /// A storyboard's name or a shot's id.
    [[nodiscard]] std::string read_name(YamlTree::Entry entry);
    [[nodiscard]] std::string read_model(YamlTree::Entry entry);
    [[nodiscard]] std::optional<int> read_priority(YamlTree::Entry entry);
    /// Empty when the value is null or faulty.
    [[nodiscard]] std::string read_hours(YamlTree::Entry entry, std::span<const std::string> zones);

private:
    bool read_own_key(YamlTree::Entry entry, ShotKeys& shot);
    void read_input(YamlTree::Entry entry, std::vector<Parameter>& parameters);
    void add_parameter(YamlTree::Entry entry, std::vector<Parameter>& parameters);
    [[nodiscard]] std::optional<int> read_integer(YamlTree::Entry entry, int min, int max);
    [[nodiscard]] std::optional<std::string_view> read_text(YamlTree::Entry entry);
    [[nodiscard]] std::string read_note(YamlTree::Entry entry);
    [[nodiscard]] std::vector<std::string> read_tags(YamlTree::Entry entry);
    void check_for_key(YamlTree::Value prompt);
    void check_defaults_key(YamlTree::Entry entry);

    const YamlTree& tree_;
    const StoryboardLimits& limits_;
    FaultList& faults_;
};

} // namespace reeld
