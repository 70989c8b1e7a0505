#include "jobs/eachlabs/json_body.h"

#include "jobs/text/blanks.h"
#include "jobs/text/utf8.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>
#include <span>

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

constexpr std::string_view kReplacementEscape = "\\uFFFD";

// The text as a document parses it in place: a copy that the document owns, mended, with a NUL behind it.
char* own_copy(std::string_view text, rapidjson::Document& document) {
    auto* const bytes = static_cast<char*>(document.GetAllocator().Malloc(text.size() + 1));
    text.copy(bytes, text.size());
    bytes[text.size()] = '\0';
    mend_surrogates({bytes, text.size()});
    return bytes;
}

template <unsigned kMoreFlags>
std::optional<rapidjson::Document> parse(std::string_view body) {
    if (!keeps_limits(body)) return std::nullopt;
    // Some programs put it before a text in UTF-8; RFC 8259 lets a reader ignore it.
    if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
    rapidjson::Document document;
    char* const text = own_copy(body, document);
    // To validate UTF-8, RapidJSON looks at each byte several times: half the cost of reading a poll's
    // answer.
    constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag | kMoreFlags;
    if (is_ascii(body)) {
        document.ParseInsitu<kFlags>(text);
    } else {
        document.ParseInsitu<kFlags | rapidjson::kParseValidateEncodingFlag>(text);
    }
    if (document.HasParseError()) return std::nullopt;
    return document;
}

// RapidJSON reads 2e308 as infinity, and at an infinity its writer stops in the middle of the text.
class FiniteWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
public:
    using Writer::Writer;

    bool Double(double number) { return std::isfinite(number) ? Writer::Double(number) : Null(); }
};

} // namespace

void mend_surrogates(std::span<char> bytes) {
    const std::string_view text{bytes.data(), bytes.size()};
    for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
        const std::optional<unsigned> unit = escaped_unit(text, at);
        if (!unit) {
            at += 2;
        } else if (is_high(*unit) && is_low(escaped_unit(text, at + 6).value_or(0))) {
            at += 12;
        } else {
            if (is_high(*unit) || is_low(*unit))
                kReplacementEscape.copy(bytes.data() + at, kReplacementEscape.size());
            at += 6;
        }
    }
}

bool keeps_limits(std::string_view text) {
    return text.size() <= kBodyBytesMax && text.find('\0') == std::string_view::npos &&
           !nested_too_deep(text);
}

std::optional<rapidjson::Document> parse_body(std::string_view body) {
    return parse<rapidjson::kParseNoFlags>(body);
}

std::optional<rapidjson::Document> parse_mended_body(std::string_view body) {
    constexpr unsigned kFlags = rapidjson::kParseNanAndInfFlag;
    return first_invalid_utf8(body) ? parse<kFlags>(mend_utf8(body)) : parse<kFlags>(body);
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
