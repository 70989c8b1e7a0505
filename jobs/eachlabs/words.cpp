#include "jobs/eachlabs/words.h"

#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/text/ascii.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reeld::eachlabs {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6"; // U+2026

// Blanks, controls, and what hides, breaks or reorders text: all of them could make one message look like
// two, or like another one.
bool is_gap(char32_t code) {
    return code == ' ' || code == 0xA0 || is_control(code) || misleads(code);
}

std::string text_of(const rapidjson::Value* value, std::size_t bytes_max) {
    if (value == nullptr) return {};
    return clean_text(value->IsString() ? std::string{string_of(*value)} : compact_json(*value), bytes_max);
}

// The text between <title> and </title>, or nothing. Error pages of proxies say all they know there.
std::string_view html_title(std::string_view page) {
    const std::string lowered = lower_letters(page);
    const auto tag = lowered.find("<title");
    const auto begin = tag == std::string::npos ? tag : lowered.find('>', tag);
    const auto end = begin == std::string::npos ? begin : lowered.find("</title", begin);
    if (end == std::string::npos) return {};
    return page.substr(begin + 1, end - begin - 1);
}

} // namespace

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
    std::string clean;
    std::size_t cut_at = 0; // The longest beginning that leaves room for the ellipsis.
    bool gap = false;
    while (!text.empty()) {
        const auto [code, length] = character_at(text, 0);
        const std::string_view character = length == 0 ? kReplacementCharacter : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
        if (length > 0 && is_gap(code)) {
            gap = true;
            continue;
        }
        if (gap && !clean.empty()) clean += ' ';
        gap = false;
        clean += character;
        if (clean.size() + kEllipsis.size() <= bytes_max) cut_at = clean.size();
        if (clean.size() > bytes_max) return clean.substr(0, cut_at).append(kEllipsis);
    }
    return clean;
}

std::string clean_code(std::string_view text) {
    std::string code = clean_text(text, kMessageBytesMax).substr(0, kCodeBytesMax);
    for (char& c : code) {
        if (!is_letter_or_digit(c) && c != '.' && c != '-') c = '_';
    }
    return code;
}

Words words_of(const rapidjson::Value& body) {
    Words words;
    const rapidjson::Value* error = member(body, "error");
    const std::string_view inner = error == nullptr ? std::string_view{} : string_member(*error, "message");
    for (const std::string_view candidate : {string_member(body, "message"), string_member(body, "error"),
                                             inner, string_member(body, "detail")}) {
        words.message = clean_text(candidate, kMessageBytesMax);
        if (!words.message.empty()) break;
    }
    words.details = text_of(member(body, "details"), kDetailsBytesMax);
    if (words.details.empty()) words.details = text_of(member(body, "errors"), kDetailsBytesMax);
    return words;
}

std::string first_words(const Answer& answer) {
    std::string said;
    if (const auto body = parse_body(answer.body)) {
        const Words words = words_of(*body);
        said = words.message.empty() ? clean_text(words.details, kMessageBytesMax) : words.message;
    } else if (const std::string_view title = html_title(answer.body); !title.empty()) {
        said = clean_text(title, kMessageBytesMax);
    }
    if (said.empty()) said = clean_text(answer.body, kMessageBytesMax);
    if (said.empty()) said = "an empty answer";
    return fmt::format("HTTP {}: {}", answer.status, said);
}

} // namespace reeld::eachlabs
