#include "daemon/reader/messages.h"

#include "daemon/reader/wire.h"
#include "jobs/storyboard/names.h"
#include "jobs/text/hours.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace reeld {

namespace {

constexpr int kPriorityMax = 100;
constexpr std::size_t kSha256HexBytes = 64;

void write_texts(WireWriter& out, const std::vector<std::string>& texts) {
    out.length(texts.size());
    for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> read_texts(WireReader& in) {
    std::vector<std::string> texts;
    for (std::size_t i = in.length(); i > 0 && in.ok(); --i) texts.push_back(in.text());
    return texts;
}

void write_fault(WireWriter& out, const Fault& fault) {
    out.number(static_cast<std::uint8_t>(fault.severity));
    out.number(fault.place.line);
    out.number(fault.place.column);
    out.text(fault.message);
    out.text(fault.excerpt);
    out.number(fault.caret);
}

Fault read_fault(WireReader& in) {
    Fault fault;
    fault.severity = in.number<std::uint8_t>() == 0 ? Severity::error : Severity::warning;
    fault.place.line = in.number<std::uint32_t>();
    fault.place.column = in.number<std::uint32_t>();
    fault.message = in.text();
    fault.excerpt = in.text();
    fault.caret = in.number<std::uint32_t>();
    return fault;
}

bool is_utf8(const std::string& text) {
    return !first_invalid_utf8(text);
}

bool all_utf8(const std::vector<std::string>& texts) {
    return std::all_of(texts.begin(), texts.end(), is_utf8);
}

bool is_plausible(const Fault& fault) {
    return is_utf8(fault.message) && is_utf8(fault.excerpt) && fault.caret <= fault.excerpt.size();
}

bool is_sha256(std::string_view text) {
    return text.size() == kSha256HexBytes && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool are_slugs(const std::vector<std::string>& slugs) {
    return std::all_of(slugs.begin(), slugs.end(), [](const std::string& slug) { return is_slug(slug); });
}

bool is_plausible(const ReadHeader& header, const ReadLimits& limits) {
    if (!are_slugs(header.models) || !are_slugs(header.unknown_models)) return false;
    if (header.models.size() > storyboard_limits(limits).models_max) return false;
    if (!std::all_of(header.faults.begin(), header.faults.end(),
                     [](const Fault& fault) { return is_plausible(fault); })) {
        return false;
    }
    if (any_error(header.faults))
        return header.shot_count == 0 && (header.sha256.empty() || is_sha256(header.sha256));
    if (!header.hours.empty() && !parse_hours(header.hours)) return false;
    return header.shot_count > 0 && header.shot_count <= limits.shots_max && is_name(header.name) &&
           is_sha256(header.sha256) && !header.models.empty();
}

/// Whether a text is one well-formed JSON object. Iterative: its depth costs memory, not stack.
bool is_json_object(const std::string& text) {
    if (!text.starts_with('{')) return false;
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::BaseReaderHandler<> ignore;
    rapidjson::Reader reader;
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    return !reader.Parse<kFlags>(stream, ignore).IsError();
}

std::string as_frame(FrameKind kind, const std::string& content) {
    WireWriter frame;
    frame.number(static_cast<std::uint32_t>(content.size()));
    frame.number(static_cast<std::uint8_t>(kind));
    return frame.take() + content;
}

void write_limits(WireWriter& out, const ReadLimits& limits) {
    out.number(limits.bytes_max);
    out.number(limits.shots_max);
    out.number(limits.nesting_max);
    out.number(limits.memory_bytes_max);
    out.number(limits.cpu_max.count());
    out.number(limits.time_max.count());
}

ReadLimits read_limits(WireReader& in) {
    ReadLimits limits;
    limits.bytes_max = in.number<std::uint64_t>();
    limits.shots_max = in.number<std::uint32_t>();
    limits.nesting_max = in.number<std::uint32_t>();
    limits.memory_bytes_max = in.number<std::uint64_t>();
    limits.cpu_max = Duration{in.number<Duration::rep>()};
    limits.time_max = Duration{in.number<Duration::rep>()};
    return limits;
}

} // namespace

StoryboardLimits storyboard_limits(const ReadLimits& limits) {
    StoryboardLimits out;
    out.bytes_max = limits.bytes_max;
    out.shots_max = limits.shots_max;
    out.nesting_max = limits.nesting_max;
    return out;
}

std::string encode_request(const ChildRequest& request) {
    WireWriter out;
    out.number(request.parent);
    out.number(static_cast<std::uint8_t>(request.copies));
    out.text(request.default_name);
    write_limits(out, request.limits);
    out.length(request.learned_models.size());
    for (const auto& [slug, schema] : request.learned_models) {
        out.text(slug);
        out.text(schema);
    }
    write_texts(out, request.zones);
    return out.take();
}

std::optional<ChildRequest> decode_request(std::string_view message) {
    WireReader in(message);
    ChildRequest request;
    request.parent = in.number<std::int32_t>();
    request.copies = in.number<std::uint8_t>() != 0;
    request.default_name = in.text();
    request.limits = read_limits(in);
    for (std::size_t i = in.length(); i > 0 && in.ok(); --i) {
        std::string slug = in.text();
        request.learned_models.emplace_back(std::move(slug), in.text());
    }
    request.zones = read_texts(in);
    if (!in.done()) return std::nullopt;
    return request;
}

std::string encode_header(const ReadHeader& header) {
    WireWriter out;
    out.text(header.name);
    out.text(header.sha256);
    out.text(header.hours);
    out.number(header.shot_count);
    write_texts(out, header.models);
    write_texts(out, header.unknown_models);
    out.length(header.faults.size());
    for (const Fault& fault : header.faults) write_fault(out, fault);
    out.number(static_cast<std::uint8_t>(header.is_trouble));
    return as_frame(FrameKind::header, out.take());
}

std::string encode_shot(const StoryboardShot& shot) {
    WireWriter out;
    out.text(shot.id);
    out.text(shot.model);
    out.number(shot.priority);
    out.number(shot.clip_seconds);
    out.text(shot.input);
    out.text(shot.note);
    write_texts(out, shot.tags);
    return as_frame(FrameKind::shot, out.take());
}

Frame next_frame(std::string_view buffer) {
    Frame frame;
    if (buffer.size() < kFrameHeadBytes) return frame;
    WireReader head(buffer.substr(0, kFrameHeadBytes));
    const std::size_t size = head.number<std::uint32_t>();
    const auto kind = head.number<std::uint8_t>();
    const bool known = kind == static_cast<std::uint8_t>(FrameKind::header) ||
                       kind == static_cast<std::uint8_t>(FrameKind::shot);
    frame.is_broken = size > kFrameBytesMax || !known;
    if (frame.is_broken || buffer.size() - kFrameHeadBytes < size) return frame;
    frame.kind = static_cast<FrameKind>(kind);
    frame.content = buffer.substr(kFrameHeadBytes, size);
    frame.bytes = kFrameHeadBytes + size;
    return frame;
}

std::optional<ReadHeader> decode_header(std::string_view content, const ReadLimits& limits) {
    WireReader in(content);
    ReadHeader header;
    header.name = in.text();
    header.sha256 = in.text();
    header.hours = in.text();
    header.shot_count = in.number<std::uint32_t>();
    header.models = read_texts(in);
    header.unknown_models = read_texts(in);
    for (std::size_t i = in.length(); i > 0 && in.ok(); --i) header.faults.push_back(read_fault(in));
    header.is_trouble = in.number<std::uint8_t>() != 0;
    if (!in.done() || !is_plausible(header, limits)) return std::nullopt;
    return header;
}

std::optional<StoryboardShot> decode_shot(std::string_view content, const std::vector<std::string>& models) {
    WireReader in(content);
    StoryboardShot shot;
    shot.id = in.text();
    shot.model = in.text();
    shot.priority = in.number<std::int16_t>();
    shot.clip_seconds = in.number<std::uint16_t>();
    shot.input = in.text();
    shot.note = in.text();
    shot.tags = read_texts(in);
    const bool known_model = std::find(models.begin(), models.end(), shot.model) != models.end();
    const bool plausible = is_name(shot.id) && known_model && shot.priority >= -kPriorityMax &&
                           shot.priority <= kPriorityMax && is_json_object(shot.input) &&
                           is_utf8(shot.note) && all_utf8(shot.tags);
    if (!in.done() || !plausible) return std::nullopt;
    return shot;
}

} // namespace reeld
