#include "jobs/storyboard/yaml_tree.h"

#include <cassert>

namespace reeld {

std::string_view YamlTree::text(Value value) const {
    const Node& node = nodes_[value];
    assert(node.kind == YamlKind::scalar);
    return std::string_view(texts_).substr(node.first, node.count);
}

std::span<const YamlTree::Value> YamlTree::items(Value value) const {
    const Node& node = nodes_[value];
    assert(node.kind == YamlKind::sequence);
    return std::span(children_).subspan(node.first, node.count);
}

YamlTree::Entry YamlTree::entry(Value value, std::size_t index) const {
    const Node& node = nodes_[value];
    assert(node.kind == YamlKind::mapping && index < node.count / 2);
    const std::size_t at = node.first + 2 * index;
    return {.key = children_[at], .value = children_[at + 1]};
}

std::optional<YamlTree::Entry> YamlTree::find(Value value, std::string_view key) const {
    for (std::size_t i = 0; i < entry_count(value); ++i) {
        const Entry found = entry(value, i);
        if (text(found.key) == key) return found;
    }
    return std::nullopt;
}

} // namespace reeld
