#include "daemon/journal/string_list.h"

#include "jobs/text/utf8.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld {

std::string encode_strings(std::span<const std::string> strings) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.StartArray();
    for (const std::string& string : strings) {
        const std::string valid = mend_utf8(string);
        writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
    }
    writer.EndArray();
    return {buffer.GetString(), buffer.GetSize()};
}

std::optional<std::vector<std::string>> decode_strings(std::string_view text) {
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    rapidjson::Document document;
    document.Parse<kFlags>(text.data(), text.size());
    if (document.HasParseError() || !document.IsArray()) return std::nullopt;
    std::vector<std::string> strings;
    strings.reserve(document.Size());
    for (const auto& item : document.GetArray()) {
        if (!item.IsString()) return std::nullopt;
        strings.emplace_back(item.GetString(), item.GetStringLength());
    }
    return strings;
}

} // namespace reeld
