#include "daemon/http/target.h"

#include "daemon/http/letters.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace reeld::http {

namespace {

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char small = lower_letter(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// Nothing when a `%` is not followed by two hexadecimal digits.
std::optional<std::string> decoded(std::string_view text, bool plus_is_blank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return out;
}

/// Whatever a URI may not hold as it is, of what could be misread: blanks, controls, bytes beyond ASCII, and
/// a fragment, which no client sends.
bool had_to_be_encoded(char c) {
    return c == ' ' || c == '#' || is_control(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool climbs(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        if (segment == "..") return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

bool breaks_text(char c) {
    return is_control(c) && c != '\t' && c != '\r' && c != '\n';
}

Refusal bad_target(const char* why) {
    return {400, fmt::format("bad request: {}", why), ""};
}

/// Fills `target.query`; false when it cannot be decoded.
bool read_query(std::string_view raw, Target& target) {
    while (!raw.empty()) {
        const std::string_view pair = raw.substr(0, raw.find('&'));
        raw.remove_prefix(std::min(raw.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = decoded(pair.substr(0, equals), true);
        auto value = decoded(pair.substr(std::min(pair.size(), equals + 1)), true);
        if (!name || !value) return false;
        target.query.emplace_back(*std::move(name), *std::move(value));
    }
    return true;
}

bool is_proper(const std::pair<std::string, std::string>& pair) {
    return !std::ranges::any_of(pair.first, breaks_text) && !std::ranges::any_of(pair.second, breaks_text) &&
           !first_invalid_utf8(pair.first) && !first_invalid_utf8(pair.second);
}

} // namespace

std::variant<Target, Refusal> read_target(std::string_view raw) {
    if (!raw.starts_with('/')) return bad_target("the target is not a path");
    if (std::ranges::any_of(raw, had_to_be_encoded)) return bad_target("the path is not encoded");
    const std::size_t end = std::min(raw.find('?'), raw.size());
    auto path = decoded(raw.substr(0, end), false);
    if (!path) return bad_target("a % in the path is not followed by two hexadecimal digits");
    if (std::ranges::any_of(*path, is_control)) return bad_target("the path holds a control character");
    if (first_invalid_utf8(*path)) return bad_target("the path is not UTF-8");
    if (climbs(*path)) return bad_target("the path climbs");
    Target target{*std::move(path), {}};
    if (!read_query(raw.substr(std::min(raw.size(), end + 1)), target)) {
        return bad_target("a % in the query is not followed by two hexadecimal digits");
    }
    if (!std::ranges::all_of(target.query, is_proper)) return bad_target("the query is not text");
    return target;
}

} // namespace reeld::http
