#include "jobs/eachlabs/json_body.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>

namespace reeld::eachlabs {
namespace {

// Counts brackets outside strings. It need not understand JSON: in a text that is JSON the count is exact,
// and every other text is refused by the parser.
bool nested_too_deep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kBodyNestingMax) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

// The number of a `\uXXXX` at this place, or nothing.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
    if (text.size() < at + 6 || text.substr(at, 2) != "\\u") return std::nullopt;
    unsigned unit = 0;
    const char* const digits = text.data() + at + 2;
    const auto [end, error] = std::from_chars(digits, digits + 4, unit, 16);
    if (error != std::errc{} || end != digits + 4) return std::nullopt;
    return unit;
}

bool is_high(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_low(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Writes U+FFFD over each escape of half a surrogate pair, which has the same length.
void mend_surrogates(std::string& text) {
    for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
        const std::optional<unsigned> unit = escaped_unit(text, at);
        if (!unit) {
            at += 2;
        } else if (is_high(*unit) && is_low(escaped_unit(text, at + 6).value_or(0))) {
            at += 12;
        } else {
            if (is_high(*unit) || is_low(*unit)) text.replace(at, 6, "\\uFFFD");
            at += 6;
        }
    }
}

// RapidJSON reads 2e308 as infinity, and at an infinity its writer stops in the middle of the text.
class FiniteWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
public:
    using Writer::Writer;

    bool Double(double number) { return std::isfinite(number) ? Writer::Double(number) : Null(); }
};

} // namespace

std::optional<rapidjson::Document> parse_body(std::string_view body) {
    if (body.size() > kBodyBytesMax || body.find('\0') != std::string_view::npos) return std::nullopt;
    if (nested_too_deep(body)) return std::nullopt;
    std::string mended{body};
    mend_surrogates(mended);
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(mended.data(),
                                                                                           mended.size());
    if (document.HasParseError()) return std::nullopt;
    return document;
}

const rapidjson::Value* member(const rapidjson::Value& value, std::string_view name) {
    if (!value.IsObject()) return nullptr;
    const rapidjson::Value key{rapidjson::StringRef(name.data(), name.size())};
    const auto found = value.FindMember(key);
    if (found == value.MemberEnd() || found->value.IsNull()) return nullptr;
    return &found->value;
}

std::string_view string_of(const rapidjson::Value& value) {
    if (!value.IsString()) return {};
    return {value.GetString(), value.GetStringLength()};
}

std::string_view string_member(const rapidjson::Value& value, std::string_view name) {
    const rapidjson::Value* found = member(value, name);
    return found == nullptr ? std::string_view{} : string_of(*found);
}

std::string compact_json(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    FiniteWriter writer{buffer};
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace reeld::eachlabs
