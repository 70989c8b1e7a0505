/// Builds a YamlTree out of the parser's events, and refuses what a storyboard must not hold.
///
/// Not for users of the tree: those call `parse_yaml`.
#pragma once

#include "jobs/storyboard/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

namespace reeld {

/// Thrown by the builder to make the parser stop, which has no other way out. The fault has been added.
struct YamlStop {};

/// Counts everything as it would be with its aliases expanded: values, bytes, nesting. The limits hold for
/// the expansion, although the tree itself never expands an alias.
class YamlTreeBuilder final : public YAML::EventHandler {
public:
    YamlTreeBuilder(const SourceText& source, const StoryboardLimits& limits, FaultList& faults)
        : source_(source), limits_(limits), faults_(faults) {}

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override;
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& parsed) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

    /// Adds a fault for what the parser threw at byte `offset`.
    void add_syntax_fault(std::size_t offset, const std::string& parser_message);

    /// The finished tree. Call once, after the parser has returned.
    [[nodiscard]] YamlTree take();

private:
    using Value = YamlTree::Value;

    /// How large something is with its aliases expanded.
    struct Size {
        std::uint64_t values = 0;
        std::uint64_t bytes = 0;
        std::uint32_t height = 0; ///< Lists and mappings within each other.
    };
    /// A list or mapping that is not finished.
    struct Open {
        Value value = 0;
        YAML::anchor_t anchor = 0;
        std::size_t first_child = 0; ///< Index into pending_.
        std::uint64_t values_before = 0;
        std::uint64_t bytes_before = 0;
        std::uint32_t height = 1;
    };
    struct Anchored {
        Value value = 0;
        bool finished = false;
        Size size;
    };

    Value add(YamlKind kind, std::size_t offset);
    void add_child(Value value);
    void open(YamlKind kind, std::size_t offset, YAML::anchor_t anchor);
    void close();
    void remember(YAML::anchor_t anchor, const Anchored& anchored);
    void count(const Size& size, std::size_t offset);
    void check_visible(std::size_t offset, std::string_view text);
    void check_tag(std::size_t offset, const std::string& tag, std::string_view allowed);
    void drop_faulty_entries(std::size_t first_child);
    void drop_entries(std::size_t first_child, std::vector<std::size_t> entries);
    [[nodiscard]] bool is_merge_key(Value key) const;
    [[nodiscard]] std::size_t place_of_nothing(std::size_t offset) const;
    [[nodiscard]] bool awaits_key() const;
    [[nodiscard]] bool awaits_value() const;
    [[noreturn]] void stop(std::size_t offset, std::string message);

    const SourceText& source_;
    const StoryboardLimits& limits_;
    FaultList& faults_;
    YamlTree tree_;
    std::vector<Open> open_;
    std::vector<Value> pending_; ///< Children of all open lists and mappings, outermost first.
    std::vector<Anchored> anchored_;
    std::uint64_t values_ = 0;
    std::uint64_t bytes_ = 0;
    std::size_t last_read_ = 0;
    std::size_t last_scalar_ = 0;
    int documents_ = 0;
};

} // namespace reeld
