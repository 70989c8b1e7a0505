#include "jobs/manifest/line_index.h"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace reeld {
namespace {

/// Listens for the key "index" of the outermost object, and ends the parse at anything but an object.
class IndexListener : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, IndexListener> {
public:
    bool Default() {
        at_index_ = false;
        return depth_ > 0;
    }
    bool Uint(unsigned value) {
        if (at_index_) index_ = value;
        return Default();
    }
    bool Key(const char* text, rapidjson::SizeType length, bool /*copy*/) {
        at_index_ = depth_ == 1 && std::string_view{text, length} == "index";
        return true;
    }
    bool StartObject() {
        at_index_ = false;
        ++depth_;
        return true;
    }
    bool EndObject(rapidjson::SizeType /*members*/) { return leave(); }
    bool StartArray() { return Default() && StartObject(); }
    bool EndArray(rapidjson::SizeType /*elements*/) { return leave(); }

    [[nodiscard]] std::optional<std::uint32_t> index() const { return index_; }

private:
    bool leave() {
        --depth_;
        return true;
    }

    std::optional<std::uint32_t> index_;
    std::uint32_t depth_ = 0;
    bool at_index_ = false;
};

} // namespace

LineIndex read_line_index(std::string_view line) {
    rapidjson::MemoryStream bytes(line.data(), line.size());
    rapidjson::Reader reader;
    IndexListener listener;
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    const bool whole = !reader.Parse<kFlags>(bytes, listener).IsError();
    if (!whole) return {};
    return {.is_object = true, .index = listener.index()};
}

} // namespace reeld
