/// A YAML 1.2 document as a compact tree in which every value knows its place, safe to build from hostile
/// text.
///
/// yaml-cpp's own tree (YAML::Load) is not used: it accepts duplicate keys, drops every document but the
/// first, makes cycles out of aliases, and does not return from the text ",". Here the parser's events are
/// counted and checked as they come, so that a bad file is a fault and never a crash.
///
/// Not here: what the values mean. Plain scalars are kept as they are written (`core_schema.h` gives them
/// types).
///
/// The text must be UTF-8 without control characters (`text_check.h`).
#pragma once

#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/storyboard_limits.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

enum class YamlKind : std::uint8_t { null, scalar, sequence, mapping };

class YamlTree {
public:
    /// A value. Aliases are resolved: one value may stand in several places, and none contains itself.
    using Value = std::uint32_t;

    /// A mapping's entry; the key is always a scalar, and no other entry of the mapping has the same.
    struct Entry {
        Value key;
        Value value;
    };

    /// The document's outermost value. An empty document is null.
    [[nodiscard]] Value root() const { return root_; }

    [[nodiscard]] YamlKind kind(Value value) const { return nodes_[value].kind; }

    /// Where the value begins, in bytes. Nothing after a key stands where its key does.
    [[nodiscard]] std::size_t offset(Value value) const { return nodes_[value].offset; }

    /// Requires a scalar. Its text, unquoted and unescaped.
    [[nodiscard]] std::string_view text(Value value) const;

    /// Requires a scalar. Whether it is a string for certain: quoted, a block, or tagged `!!str`.
    [[nodiscard]] bool is_string(Value value) const { return nodes_[value].is_string; }

    /// Requires a sequence. Its elements.
    [[nodiscard]] std::span<const Value> items(Value value) const;

    /// Requires a mapping. The number of entries, and each of them in the file's order.
    [[nodiscard]] std::size_t entry_count(Value value) const { return nodes_[value].count / 2; }
    [[nodiscard]] Entry entry(Value value, std::size_t index) const;

    /// Requires a mapping. The value under a key; looks at each entry.
    [[nodiscard]] std::optional<Entry> find(Value value, std::string_view key) const;

private:
    friend class YamlTreeBuilder;

    struct Node {
        YamlKind kind = YamlKind::null;
        bool is_string = false;
        std::uint32_t offset = 0;
        std::uint32_t first = 0; ///< Scalars: index into texts_. Others: index into children_.
        std::uint32_t count = 0; ///< Scalars: bytes. Others: children; keys and values take turns.
    };

    std::vector<Node> nodes_;
    std::vector<Value> children_;
    std::string texts_;
    Value root_ = 0;
};

/// Parses the one document of a text. Every fault is added to `faults`; std::nullopt when the parser could
/// not go on (duplicate keys and the like do not stop it).
///
/// Merge keys (`<<`) belong to YAML 1.1 and are refused, and so are tags other than those of the core
/// schema, keys that are not scalars, and a second document.
[[nodiscard]] std::optional<YamlTree> parse_yaml(const SourceText& source, const StoryboardLimits& limits,
                                                 FaultList& faults);

} // namespace reeld
