#include "jobs/eachlabs/output_urls.h"

#include "jobs/eachlabs/json_body.h"
#include "jobs/text/ascii.h"
#include "jobs/text/blanks.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reeld::eachlabs {
namespace {

// {"data": {"videos": [{"url": …}]}} is the deepest shape that any model is known for, and one more.
constexpr int kOutputNestingMax = 5;

constexpr std::array<std::string_view, 8> kVideoNames = {"url",  "video_url", "video",  "videos",
                                                         "urls", "output",    "result", "data"};

/// The same address without characters that hide or reorder what stands around them: in a URL, the
/// percent-encoded bytes of a character stand for it (RFC 3987, section 3.1). Refusing it would lose a video
/// that was paid for.
std::string fit_to_be_shown(std::string_view url) {
    std::string shown;
    for (std::size_t at = 0; at < url.size();) {
        const auto [code, length] = character_at(url, at);
        const std::string_view character = url.substr(at, std::max<std::size_t>(length, 1));
        at += character.size();
        if (!is_control(code) && !misleads(code)) {
            shown += character;
        } else {
            for (const char c : character) shown += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return shown;
}

void collect(const rapidjson::Value& value, int depth, std::vector<std::string>& urls);

void collect_from_object(const rapidjson::Value& object, int depth, std::vector<std::string>& urls) {
    const std::size_t before = urls.size();
    for (const std::string_view name : kVideoNames) {
        if (const rapidjson::Value* video = member(object, name)) collect(*video, depth, urls);
    }
    if (urls.size() > before) return;
    for (const auto& entry : object.GetObject()) collect(entry.value, depth, urls);
}

void collect(const rapidjson::Value& value, int depth, std::vector<std::string>& urls) {
    if (depth > kOutputNestingMax || urls.size() >= kUrlsMax) return;
    if (value.IsArray()) {
        for (const auto& element : value.GetArray()) collect(element, depth + 1, urls);
    } else if (value.IsObject()) {
        collect_from_object(value, depth + 1, urls);
    } else if (const std::string_view text = trimmed(string_of(value)); is_web_url(text)) {
        std::string url = fit_to_be_shown(text);
        if (std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(std::move(url));
    }
}

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
    return text.size() > scheme.size() && same_letters(text.substr(0, scheme.size()), scheme);
}

} // namespace

bool is_web_url(std::string_view text) {
    if (text.size() > kUrlBytesMax) return false;
    std::string_view rest = text;
    if (starts_with_scheme(text, "https://")) {
        rest.remove_prefix(8);
    } else if (starts_with_scheme(text, "http://")) {
        rest.remove_prefix(7);
    } else {
        return false;
    }
    if (std::string_view{"/?#:@"}.find(rest.front()) != std::string_view::npos) return false;
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7F || c == '"' || c == '<' || c == '>' || c == '\\';
    });
}

std::vector<std::string> output_urls(const rapidjson::Value& output) {
    std::vector<std::string> urls;
    collect(output, 0, urls);
    return urls;
}

} // namespace reeld::eachlabs
