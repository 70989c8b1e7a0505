#include "daemon/journal/exact_json.h"
#include "jobs/text/number.h"
#include "jobs/text/utf8.h"

#include <cstdint>
#include <optional>

#include <rapidjson/encodedstream.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace reeld {

namespace {

bool is_utf8(const char* text, rapidjson::SizeType size) {
    return !first_invalid_utf8({text, size});
}

/// Passes the parser's events on to the document, and reads the numbers itself.
class ExactNumbers {
public:
    using Size = rapidjson::SizeType;

    explicit ExactNumbers(rapidjson::Document& document) : document_(document) {}

    bool RawNumber(const char* text, Size size, bool /*copy*/) {
        const std::string_view digits(text, size);
        if (const auto number = to_number<std::int64_t>(digits)) return document_.Int64(*number);
        if (const auto number = to_number<std::uint64_t>(digits)) return document_.Uint64(*number);
        const auto number = to_number<double>(digits);
        return number && document_.Double(*number);
    }

    bool Null() { return document_.Null(); }
    bool Bool(bool value) { return document_.Bool(value); }
    bool String(const char* text, Size size, bool copy) {
        return is_utf8(text, size) && document_.String(text, size, copy);
    }
    bool StartObject() { return document_.StartObject(); }
    bool Key(const char* text, Size size, bool copy) {
        return is_utf8(text, size) && document_.Key(text, size, copy);
    }
    bool EndObject(Size members) { return document_.EndObject(members); }
    bool StartArray() { return document_.StartArray(); }
    bool EndArray(Size elements) { return document_.EndArray(elements); }

    // The parser hands over no number in these forms, but names them all.
    bool Int(int value) { return document_.Int(value); }
    bool Uint(unsigned value) { return document_.Uint(value); }
    bool Int64(std::int64_t value) { return document_.Int64(value); }
    bool Uint64(std::uint64_t value) { return document_.Uint64(value); }
    bool Double(double value) { return document_.Double(value); }

private:
    rapidjson::Document& document_;
};

} // namespace

rapidjson::ParseResult parse_exactly(std::string_view text, rapidjson::Document& document) {
    // Iterative, so that no depth of nesting overflows the stack.
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseNumbersAsStringsFlag;
    rapidjson::MemoryStream bytes(text.data(), text.size());
    rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
    rapidjson::Reader reader;
    rapidjson::ParseResult result;
    const auto parse = [&](rapidjson::Document& values) {
        ExactNumbers handler(values);
        result = reader.Parse<kFlags>(stream, handler);
        return !result.IsError();
    };
    document.Populate(parse);
    return result;
}

} // namespace reeld
