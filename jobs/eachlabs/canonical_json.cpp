#include "jobs/eachlabs/canonical_json.h"

#include "jobs/eachlabs/canonical_number.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/text/blanks.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <vector>

namespace reeld::eachlabs {
namespace {

using rapidjson::SizeType;

std::string quoted(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.String(text.data(), static_cast<SizeType>(text.size()));
    return {buffer.GetString(), buffer.GetSize()};
}

struct Member {
    std::string key;
    std::string value; ///< Canonical.
};

/// An array or an object that is not complete yet.
struct Open {
    std::string elements; ///< Of an array: canonical, with commas between them.
    std::vector<Member> members;
    std::string key; ///< Whose value comes next.
    bool is_object = false;
};

bool sort_by_key(std::vector<Member>& members) {
    std::ranges::sort(members, {}, &Member::key);
    return std::ranges::adjacent_find(members, {}, &Member::key) == members.end();
}

std::string object_of(const std::vector<Member>& members) {
    std::string text = "{";
    for (const Member& member : members) {
        if (text.size() > 1) text += ',';
        text += quoted(member.key);
        text += ':';
        text += member.value;
    }
    return text += '}';
}

/// Hears a parser and writes the canonical text. A function that returns false ends the parsing.
class Canonicalizer : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Canonicalizer> {
public:
    /// Everything stands in an array that is in no text, whose one element is the text's value.
    Canonicalizer() : open_(1) {}

    bool Null() { return add("null"); }
    bool Bool(bool value) { return add(value ? "true" : "false"); }
    bool RawNumber(const char* text, SizeType size, bool /*copy*/) {
        auto number = canonical_number({text, size});
        return number && add(*std::move(number));
    }
    bool String(const char* text, SizeType size, bool /*copy*/) { return add(quoted({text, size})); }
    bool Key(const char* text, SizeType size, bool /*copy*/) {
        open_.back().key.assign(text, size);
        return true;
    }
    bool StartArray() {
        open_.emplace_back();
        return true;
    }
    bool EndArray(SizeType /*count*/) {
        std::string text = '[' + open_.back().elements + ']';
        open_.pop_back();
        return add(std::move(text));
    }
    bool StartObject() {
        open_.emplace_back().is_object = true;
        return true;
    }
    bool EndObject(SizeType /*count*/) {
        std::vector<Member> members = std::move(open_.back().members);
        open_.pop_back();
        if (!sort_by_key(members)) return false;
        std::string text = object_of(members);
        if (open_.size() == 1) outermost_ = std::move(members);
        return add(std::move(text));
    }

    /// After a text was heard to its end, like the next one.
    std::string take_text() { return std::move(open_.front().elements); }
    /// Of the object that the text holds; none for another value.
    std::vector<Member> take_members() { return std::move(outermost_); }

private:
    bool add(std::string value) {
        Open& open = open_.back();
        if (open.is_object) {
            open.members.push_back({.key = std::move(open.key), .value = std::move(value)});
            return true;
        }
        if (!open.elements.empty()) open.elements += ',';
        open.elements += value;
        return true;
    }

    std::vector<Open> open_;
    std::vector<Member> outermost_;
};

bool hear(std::string_view text, Canonicalizer& canonicalizer) {
    if (!keeps_limits(text)) return false;
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    std::string mended{text};
    mend_surrogates(mended);
    // Not RapidJSON's EncodedInputStream: it skips the first bytes of a mark also where the rest is missing.
    rapidjson::MemoryStream stream{mended.data(), mended.size()};
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseNumbersAsStringsFlag;
    rapidjson::Reader reader;
    return !reader.Parse<kFlags>(stream, canonicalizer).IsError();
}

} // namespace

std::optional<std::string> canonical_json(std::string_view text) {
    Canonicalizer canonicalizer;
    if (!hear(text, canonicalizer)) return std::nullopt;
    return canonicalizer.take_text();
}

std::optional<std::map<std::string, std::string>> canonical_members(std::string_view text) {
    Canonicalizer canonicalizer;
    if (!hear(text, canonicalizer)) return std::nullopt;
    std::map<std::string, std::string> members;
    for (Member& member : canonicalizer.take_members())
        members.emplace(std::move(member.key), std::move(member.value));
    return members;
}

std::optional<std::string> canonical_member(std::string_view text, std::string_view name) {
    Canonicalizer canonicalizer;
    if (!hear(text, canonicalizer)) return std::nullopt;
    for (Member& member : canonicalizer.take_members()) {
        if (member.key == name) return std::move(member.value);
    }
    return std::nullopt;
}

} // namespace reeld::eachlabs
