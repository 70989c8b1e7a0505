#include "jobs/storyboard/yaml_tree_builder.h"

#include "jobs/storyboard/byte_count.h"
#include "jobs/storyboard/core_schema.h"
#include "jobs/storyboard/scalar_text.h"
#include "jobs/storyboard/unclosed_quote.h"
#include "jobs/storyboard/yaml_syntax.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace reeld {

namespace {

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

constexpr char32_t kByteOrderMarkCode = 0xFEFF;

std::size_t offset_of(const YAML::Mark& mark) {
    return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
}

/// yaml-cpp's tags for what bears none: "?" for plain content, "!" for quoted scalars.
bool is_untagged(const std::string& tag) {
    return tag.empty() || tag == "?" || tag == "!";
}

bool is_written_null(std::string_view text, std::size_t offset) {
    const std::string_view rest = text.substr(std::min(offset, text.size()));
    return rest.starts_with('~') || rest.starts_with("null") || rest.starts_with("Null") ||
           rest.starts_with("NULL");
}

/// The last line with anything on it above the line of `offset`.
std::string_view line_before(std::string_view text, std::size_t offset) {
    std::string_view above = text.substr(0, std::min(offset, text.size()));
    above = above.substr(0, above.find_last_of('\n') + 1);
    above = above.substr(0, above.find_last_not_of(" \t\r\n") + 1);
    return above.substr(above.find_last_of('\n') + 1);
}

/// A tag as it is written: `!!int`.
std::string written(const std::string& tag) {
    return tag.starts_with(kCoreTag) ? "!!" + tag.substr(kCoreTag.size()) : tag;
}

/// Whether a plain scalar may bear a tag such as `!!int`.
bool fits_tag(CoreType type, std::string_view tag) {
    if (tag == "null") return type == CoreType::null;
    if (tag == "bool") return type == CoreType::boolean;
    if (tag == "int") return type == CoreType::integer;
    return tag == "float" && (type == CoreType::real || type == CoreType::integer);
}

} // namespace

void YamlTreeBuilder::stop(std::size_t offset, std::string message) {
    faults_.error(offset, std::move(message));
    throw YamlStop{};
}

void YamlTreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
    if (++documents_ == 1) return;
    const std::size_t at = offset_of(mark);
    if (source_.text().substr(std::min(at, source_.text().size())).starts_with("---")) {
        stop(at, "a second document: one file is one storyboard, so remove this line, or put what follows "
                 "into a file of its own");
    }
    const std::string_view before = line_before(source_.text(), at);
    if (before.starts_with("...") || before.starts_with('%')) {
        stop(at, fmt::format("the line above, {}, ends the storyboard: remove it", quote(before)));
    }
    // For some texts (",") the parser reports one empty document after the other and never moves on.
    stop(at, "this does not belong to what stands above: check its indentation, brackets and commas");
}

/// yaml-cpp 0.7.0 takes the end of the file for a closing quote when a line feed stands before it. A quote
/// that is never closed swallows everything after it, so it can only be the last scalar.
void YamlTreeBuilder::OnDocumentEnd() {
    if (const auto quote_at = unclosed_quote(source_.text(), last_scalar_)) {
        stop(*quote_at, "this quote is never closed");
    }
}

bool YamlTreeBuilder::awaits_key() const {
    return !open_.empty() && tree_.kind(open_.back().value) == YamlKind::mapping &&
           (pending_.size() - open_.back().first_child) % 2 == 0;
}

bool YamlTreeBuilder::awaits_value() const {
    return !open_.empty() && tree_.kind(open_.back().value) == YamlKind::mapping && !awaits_key();
}

void YamlTreeBuilder::count(const Size& size, std::size_t offset) {
    values_ += size.values;
    bytes_ += size.bytes;
    if (values_ > limits_.values_max()) {
        stop(offset, fmt::format("more than {} values (aliases expanded), more than a storyboard of "
                                 "{} shots can need (storyboard.shots)",
                                 limits_.values_max(), limits_.shots_max));
    }
    if (bytes_ > limits_.bytes_max) {
        stop(offset, fmt::format("aliases expand the file to more than {} (storyboard.bytes)",
                                 bytes_in_words(limits_.bytes_max)));
    }
    if (open_.size() + size.height > limits_.nesting_max) {
        stop(offset,
             fmt::format("nested more than {} levels deep (storyboard.nesting)", limits_.nesting_max));
    }
    if (!open_.empty()) open_.back().height = std::max(open_.back().height, size.height + 1);
}

YamlTreeBuilder::Value YamlTreeBuilder::add(YamlKind kind, std::size_t offset) {
    const auto value = static_cast<Value>(tree_.nodes_.size());
    tree_.nodes_.push_back({.kind = kind, .offset = static_cast<std::uint32_t>(offset)});
    last_read_ = offset;
    return value;
}

void YamlTreeBuilder::add_child(Value value) {
    if (awaits_key() && tree_.kind(value) != YamlKind::scalar) {
        stop(tree_.offset(value),
             tree_.kind(value) == YamlKind::null
                 ? "a key is missing here (or it is null): put quotes around a text with "
                   "\":\" or \"?\""
                 : "a bracket is opened here that is never closed, or a list or mapping "
                   "stands where a key should: put quotes around a text with brackets");
    }
    if (open_.empty()) {
        tree_.root_ = value;
    } else {
        pending_.push_back(value);
    }
}

void YamlTreeBuilder::remember(YAML::anchor_t anchor, const Anchored& anchored) {
    if (anchor == 0) return;
    if (anchor >= anchored_.size()) anchored_.resize(anchor + 1);
    anchored_[anchor] = anchored;
}

/// The parser's place of a value that is not there is that of whatever comes next, lines later perhaps.
std::size_t YamlTreeBuilder::place_of_nothing(std::size_t offset) const {
    if (awaits_value()) return tree_.offset(pending_.back());
    if (open_.empty()) return offset;
    std::size_t before = source_.text().substr(0, offset).find_last_not_of(" \t\r\n");
    if (before == std::string_view::npos) return offset;
    while (before > 0 && character_at(source_.text(), before).bytes == 0) --before;
    return before;
}

void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    std::size_t offset = offset_of(mark);
    if (!is_written_null(source_.text(), offset)) offset = place_of_nothing(offset);
    const Size size{.values = 1};
    count(size, offset);
    const Value value = add(YamlKind::null, offset);
    remember(anchor, {.value = value, .finished = true, .size = size});
    add_child(value);
}

void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const std::size_t offset = offset_of(mark);
    if (anchor >= anchored_.size()) stop(offset, "no anchor of this name stands above");
    const Anchored& target = anchored_[anchor];
    if (!target.finished) stop(offset, "this alias stands within what it stands for: it would never end");
    count(target.size, offset);
    add_child(target.value);
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                               const std::string& parsed) {
    const std::size_t offset = offset_of(mark);
    const std::string text = mend_escapes(parsed);
    const Size size{.values = 1, .bytes = text.size()};
    count(size, offset);
    bool is_string = tag == "!";
    bool is_null = false;
    if (tag == "tag:yaml.org,2002:str") {
        is_string = true;
    } else if (!is_untagged(tag)) {
        const CoreType type = resolve_scalar(text).type;
        const bool core = tag.starts_with(kCoreTag);
        if (!core || !fits_tag(type, std::string_view(tag).substr(kCoreTag.size())))
            check_tag(offset, tag, {});
        is_null = type == CoreType::null;
    }
    if (text.find('\0') != std::string::npos) faults_.error(offset, "a text must not hold the character \\0");
    if (tag == "?") check_visible(offset, text);

    last_scalar_ = offset;
    const Value value = add(is_null ? YamlKind::null : YamlKind::scalar, offset);
    YamlTree::Node& node = tree_.nodes_[value];
    node.is_string = is_string;
    node.first = static_cast<std::uint32_t>(tree_.texts_.size());
    node.count = static_cast<std::uint32_t>(is_null ? 0 : text.size());
    tree_.texts_ += text;
    remember(anchor, {.value = value, .finished = true, .size = size});
    add_child(value);
}

/// A key that begins so has lost its indentation, and nothing below it stands where it should. A text may
/// begin with a blank of its own script, but YAML allows a byte order mark in none.
void YamlTreeBuilder::check_visible(std::size_t offset, std::string_view text) {
    const std::optional<InvisibleCharacter> found = find_invisible(source_.text(), offset, text);
    if (!found || (!awaits_key() && found->code != kByteOrderMarkCode)) return;
    std::string message = fmt::format("an invisible character (U+{:04X}) stands here, which is no blank to "
                                      "YAML: replace it by an ordinary blank, or remove it",
                                      static_cast<unsigned>(found->code));
    if (awaits_key()) stop(found->offset, std::move(message));
    faults_.error(found->offset, std::move(message));
}

void YamlTreeBuilder::check_tag(std::size_t offset, const std::string& tag, std::string_view allowed) {
    if (is_untagged(tag) || (!allowed.empty() && tag == allowed)) return;
    faults_.error(offset,
                  fmt::format("the tag {} does not fit here: remove it, or put quotes around a text that "
                              "begins with \"!\"",
                              quote(written(tag))));
}

void YamlTreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                      YAML::EmitterStyle::value /*style*/) {
    check_tag(offset_of(mark), tag, "tag:yaml.org,2002:seq");
    open(YamlKind::sequence, offset_of(mark), anchor);
}

void YamlTreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value /*style*/) {
    check_tag(offset_of(mark), tag, "tag:yaml.org,2002:map");
    open(YamlKind::mapping, offset_of(mark), anchor);
}

void YamlTreeBuilder::open(YamlKind kind, std::size_t offset, YAML::anchor_t anchor) {
    const Open opened{.anchor = anchor, .values_before = values_, .bytes_before = bytes_};
    count({.values = 1, .height = 1}, offset);
    const Value value = add(kind, offset);
    add_child(value);
    remember(anchor, {.value = value, .finished = false, .size = {}});
    open_.push_back(opened);
    open_.back().value = value;
    open_.back().first_child = pending_.size();
}

void YamlTreeBuilder::close() {
    const Open closed = open_.back();
    open_.pop_back();
    const auto first = pending_.begin() + static_cast<std::ptrdiff_t>(closed.first_child);
    YamlTree::Node& node = tree_.nodes_[closed.value];
    node.first = static_cast<std::uint32_t>(tree_.children_.size());
    node.count = static_cast<std::uint32_t>(pending_.end() - first);
    tree_.children_.insert(tree_.children_.end(), first, pending_.end());
    pending_.erase(first, pending_.end());

    const Size size{.values = values_ - closed.values_before,
                    .bytes = bytes_ - closed.bytes_before,
                    .height = closed.height};
    if (!open_.empty()) open_.back().height = std::max(open_.back().height, size.height + 1);
    remember(closed.anchor, {.value = closed.value, .finished = true, .size = size});
}

void YamlTreeBuilder::OnMapEnd() {
    drop_faulty_entries(open_.back().first_child);
    close();
}

bool YamlTreeBuilder::is_merge_key(Value key) const {
    return !tree_.is_string(key) && tree_.text(key) == "<<";
}

/// Sorts the entries of a mapping by key, so that a mapping of a million keys costs no more than its share,
/// and keeps the first entry of each key.
void YamlTreeBuilder::drop_faulty_entries(std::size_t first_child) {
    std::vector<std::size_t> order((pending_.size() - first_child) / 2);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key_of = [&](std::size_t entry) {
        return pending_[first_child + 2 * entry];
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return tree_.text(key_of(a)) < tree_.text(key_of(b));
    });

    std::vector<std::size_t> faulty;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Value key = key_of(order[i]);
        if (is_merge_key(key)) {
            faults_.error(tree_.offset(key),
                          "merge keys (<<) are not part of YAML 1.2: write the entries out; what all "
                          "shots share goes under \"defaults\"");
            faulty.push_back(order[i]);
        } else if (i > 0 && tree_.text(key_of(order[i - 1])) == tree_.text(key)) {
            faults_.error(tree_.offset(key),
                          fmt::format("the key {} stands here for the second time: remove one of them",
                                      quote(tree_.text(key))));
            faulty.push_back(order[i]);
        }
    }
    if (!faulty.empty()) drop_entries(first_child, std::move(faulty));
}

void YamlTreeBuilder::drop_entries(std::size_t first_child, std::vector<std::size_t> entries) {
    std::sort(entries.begin(), entries.end());
    std::size_t kept = first_child;
    auto dropped = entries.begin();
    for (std::size_t at = first_child; at + 1 < pending_.size(); at += 2) {
        if (dropped != entries.end() && (at - first_child) / 2 == *dropped) {
            ++dropped;
            continue;
        }
        pending_[kept++] = pending_[at];
        pending_[kept++] = pending_[at + 1];
    }
    pending_.resize(kept);
}

YamlTree YamlTreeBuilder::take() {
    if (tree_.nodes_.empty()) tree_.root_ = add(YamlKind::null, 0);
    return std::move(tree_);
}

void YamlTreeBuilder::add_syntax_fault(std::size_t offset, const std::string& parser_message) {
    const std::string_view above = source_.text().substr(0, std::min(offset, source_.text().size()));
    const std::optional<SyntaxAdvice> advice = syntax_advice(parser_message, above);
    if (!advice) {
        faults_.error(offset, fmt::format("this is not YAML: {}", make_visible(parser_message)));
        return;
    }
    std::size_t at = offset;
    if (advice->where == SyntaxAdvice::Where::last_read) at = last_read_;
    if (advice->where == SyntaxAdvice::Where::opening) {
        const auto opening = std::find_if(open_.rbegin(), open_.rend(), [&](const Open& candidate) {
            const std::size_t place = tree_.offset(candidate.value);
            return place < source_.text().size() && source_.text()[place] == advice->opening;
        });
        if (opening != open_.rend()) at = tree_.offset(opening->value);
    }
    faults_.error(at, std::string(advice->message));
}

} // namespace reeld
