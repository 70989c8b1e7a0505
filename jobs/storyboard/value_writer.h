/// Turns a YAML value into JSON of the types that a schema wants, and says where it does not fit.
#pragma once

#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/model_schema.h"
#include "jobs/storyboard/yaml_tree.h"

#include <string>
#include <string_view>

namespace reeld {

/// What a value is called in messages: "cfg_scale", "duration of entry 2 of multi_prompt".
struct ValueName {
    const ValueName* of = nullptr; ///< The value around it.
    std::string_view key;          ///< Empty for an element of a list.
    std::size_t index = 0;         ///< From 0, for an element of a list.

    [[nodiscard]] std::string in_words() const;
    /// Whether the provider takes it for the address of a file: `…_url`, an element of `…_urls`.
    [[nodiscard]] bool is_url() const;
};

/// The rules of typing:
///  - what is quoted is a string, always;
///  - a plain scalar keeps its type of the YAML 1.2 core schema where the schema allows that type;
///  - else, where the schema wants a string, it is the text as it is written: `duration: 5` becomes "5",
///    `5.0` "5.0".
class ValueWriter {
public:
    ValueWriter(const SourceText& source, const YamlTree& tree, FaultList& faults)
        : source_(source), tree_(tree), faults_(faults) {}

    /// Appends the value as JSON to `out`. Returns false, with at least one fault added, when it does not
    /// fit; `out` then holds a broken piece. All faults within the value are found.
    bool write(YamlTree::Value value, const ValueSchema& schema, const ValueName& name, std::string& out);

private:
    bool write_scalar(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                      std::string& out);
    bool write_sequence(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                        std::string& out);
    bool write_mapping(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                       std::string& out);
    bool write_entry(YamlTree::Entry entry, const ValueSchema& schema, const ValueName& name,
                     std::string& out);
    bool write_alternative(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                           std::string& out);
    bool check_scalar(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                      std::string_view json);
    bool misfit(YamlTree::Value value, const ValueSchema& schema, const ValueName& name);
    [[nodiscard]] std::string shown(YamlTree::Value value) const;
    [[nodiscard]] std::string_view remedy(YamlTree::Value value, const ValueSchema& schema) const;

    const SourceText& source_;
    const YamlTree& tree_;
    FaultList& faults_;
};

} // namespace reeld
