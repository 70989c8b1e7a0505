#include "tests/house_rules/functions.h"

#include "tests/house_rules/source_text.h"

#include <algorithm>
#include <array>

namespace reeld::test {

namespace {

/// Whether a parenthesis is open at the end, as in `void f(Options options = {`.
bool is_within_parentheses(std::string_view head) {
    return std::ranges::count(head, '(') > std::ranges::count(head, ')');
}

/// Whether an `=` stands outside of parentheses, as in `Table table = {`, but not in `void f(int a = 1) {`.
bool assigns(std::string_view head) {
    int depth = 0;
    for (const char c : head) {
        if (c == '(') ++depth;
        if (c == ')') --depth;
        if (c == '=' && depth == 0) return true;
    }
    return false;
}

/// `template <class T> struct Foo` begins a type, `template <class T> void foo(T t)` does not.
std::string_view without_template(std::string_view head) {
    if (!head.starts_with("template")) return head;
    int depth = 0;
    for (std::size_t i = head.find('<'); i < head.size(); ++i) {
        if (head[i] == '<') ++depth;
        if (head[i] == '>' && --depth == 0) {
            head.remove_prefix(std::min(head.find_first_not_of(" \n", i + 1), head.size()));
            return head;
        }
    }
    return head;
}

/// `head`: what stands before an opening brace, back to the last `;`, `{` or `}`, trimmed on the left.
bool opens_function(std::string_view head) {
    constexpr std::array<std::string_view, 6> kOthers = {"namespace", "class", "struct",
                                                         "union",     "enum",  "extern"};
    if (is_within_parentheses(head)) return false;
    if (head.empty() || (head.back() != ' ' && head.back() != '\n')) return false;
    head = without_template(head);
    const std::vector<Word> words = words_of(head);
    if (words.empty() || std::ranges::count(kOthers, words.front().text) > 0) return false;
    if (std::ranges::count(words, "operator", &Word::text) > 0) return true;
    if (assigns(head)) return head.find("= [") != std::string_view::npos;
    return head.find('(') != std::string_view::npos;
}

/// Follows the braces; `depth_` counts those inside the function that is open.
class Walk {
public:
    explicit Walk(std::string_view code) : code_(code) {}

    std::vector<FunctionSpan> spans() {
        for (at_ = 0; at_ < code_.size(); ++at_) step(code_[at_]);
        return std::move(spans_);
    }

private:
    void step(char c) {
        if (depth_ > 0) return inside(c);
        if (c == '{' && opens_function(head())) {
            open();
        } else if (c == '{' && opens_initializer()) {
            skip_initializer();
        } else if (c == ';' || c == '{' || c == '}') {
            head_begin_ = at_ + 1;
        }
    }

    void inside(char c) {
        if (c == '{') ++depth_;
        if (c != '}' || --depth_ > 0) return;
        spans_.back().last_line = line_at(code_, at_);
        head_begin_ = at_ + 1;
    }

    void open() {
        const std::string_view text = head();
        const std::size_t begin = at_ - text.size();
        spans_.push_back({.head = std::string(text.substr(0, std::min(text.find('\n'), text.size()))),
                          .first_line = line_at(code_, begin),
                          .last_line = line_at(code_, at_)});
        depth_ = 1;
    }

    /// `member_{1}` before a constructor's body and `options = {}` among parameters.
    [[nodiscard]] bool opens_initializer() const {
        const char previous = at_ > 0 ? code_[at_ - 1] : ' ';
        return is_within_parentheses(head()) || (previous != ' ' && previous != '\n');
    }

    /// An initializer is part of the head that it stands in.
    void skip_initializer() {
        int depth = 0;
        for (; at_ < code_.size(); ++at_) {
            if (code_[at_] == '{') ++depth;
            if (code_[at_] == '}' && --depth == 0) return;
        }
    }

    [[nodiscard]] std::string_view head() const {
        std::string_view text = code_.substr(head_begin_, at_ - head_begin_);
        text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
        for (const std::string_view access : {"public:", "protected:", "private:"}) {
            if (!text.starts_with(access)) continue;
            text.remove_prefix(access.size());
            text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
        }
        return text;
    }

    std::string_view code_;
    std::size_t at_ = 0;
    std::size_t head_begin_ = 0;
    int depth_ = 0;
    std::vector<FunctionSpan> spans_;
};

} // namespace

std::vector<FunctionSpan> function_spans(std::string_view code) {
    return Walk(code).spans();
}

} // namespace reeld::test
