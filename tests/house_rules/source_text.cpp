#include "tests/house_rules/source_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::test {

namespace {

bool is_word(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Walks over the text once and hands every character to the part it belongs to.
class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {
        std::string blank(text);
        std::replace_if(
            blank.begin(), blank.end(), [](char c) { return c != '\n'; }, ' ');
        parts_ = {.code = blank, .comments = blank, .directives = blank};
    }

    SourceText split() {
        while (at_ < text_.size()) step();
        return std::move(parts_);
    }

private:
    void step() {
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("//")) {
            give(parts_.comments, end_of_line(rest));
        } else if (rest.starts_with("/*")) {
            give(parts_.comments, end_after(rest, "*/", 2));
        } else if (rest.front() == '#' && begins_line()) {
            in_directive_ = true;
            give(parts_.directives, 1);
        } else if (rest.starts_with("R\"") && !follows_word()) {
            literal(end_of_raw_string(rest));
        } else if (rest.front() == '"' || (rest.front() == '\'' && !follows_word())) {
            literal(end_of_quoted(rest));
        } else {
            plain();
        }
    }

    void plain() {
        if (text_[at_] == '\n' && (at_ == 0 || text_[at_ - 1] != '\\')) in_directive_ = false;
        give(in_directive_ ? parts_.directives : parts_.code, 1);
    }

    /// The quotes stay in the code, what stands between them does not; a directive keeps its path.
    void literal(std::size_t length) {
        if (in_directive_) return give(parts_.directives, length);
        parts_.code[at_] = text_[at_];
        parts_.code[at_ + length - 1] = text_[at_ + length - 1];
        at_ += length;
    }

    void give(std::string& part, std::size_t length) {
        text_.copy(part.data() + at_, length, at_);
        at_ += length;
    }

    [[nodiscard]] bool follows_word() const { return at_ > 0 && is_word(text_[at_ - 1]); }

    [[nodiscard]] bool begins_line() const {
        const std::size_t visible = text_.substr(0, at_).find_last_not_of(" \t");
        return visible == std::string_view::npos || text_[visible] == '\n';
    }

    static std::size_t end_of_line(std::string_view rest) { return std::min(rest.find('\n'), rest.size()); }

    static std::size_t end_after(std::string_view rest, std::string_view end, std::size_t from) {
        const std::size_t found = rest.find(end, from);
        return found == std::string_view::npos ? rest.size() : found + end.size();
    }

    static std::size_t end_of_raw_string(std::string_view rest) {
        const std::size_t open = rest.find('(');
        if (open == std::string_view::npos) return rest.size();
        return end_after(rest, fmt::format("){}\"", rest.substr(2, open - 2)), open);
    }

    static std::size_t end_of_quoted(std::string_view rest) {
        for (std::size_t i = 1; i < rest.size(); ++i) {
            if (rest[i] == '\\') {
                ++i;
            } else if (rest[i] == rest.front()) {
                return i + 1;
            }
        }
        return rest.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_directive_ = false;
    SourceText parts_;
};

} // namespace

SourceText take_apart(std::string_view text) {
    return Splitter(text).split();
}

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_word(text[at])) continue;
        const std::size_t begin = at;
        while (at < text.size() && is_word(text[at])) ++at;
        words.push_back({.text = text.substr(begin, at - begin), .position = begin});
    }
    return words;
}

char next_visible(std::string_view text, std::size_t position) {
    while (position < text.size() && is_blank(text[position])) ++position;
    return position < text.size() ? text[position] : '\0';
}

char previous_visible(std::string_view text, std::size_t position) {
    while (position > 0 && is_blank(text[position - 1])) --position;
    return position > 0 ? text[position - 1] : '\0';
}

std::size_t line_at(std::string_view text, std::size_t position) {
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string fault_at(const SourceFile& file, std::size_t line, std::string_view message) {
    return fmt::format("{}:{}: {}", file.path, line, message);
}

} // namespace reeld::test
