/// One input parameter of a shot, as the storyboard gives it: from the shot itself, or from the defaults.
#pragma once

#include "jobs/storyboard/yaml_tree.h"

#include <span>
#include <string_view>

namespace reeld {

struct Parameter {
    std::string_view name;
    std::size_t offset = 0; ///< Of its key, or of the shot for a shot that is just a prompt.
    YamlTree::Value value = 0;
    bool is_default = false;
};

/// The parameter of that name, or null.
[[nodiscard]] inline const Parameter* find_parameter(std::span<const Parameter> parameters,
                                                     std::string_view name) {
    for (const Parameter& parameter : parameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

} // namespace reeld
