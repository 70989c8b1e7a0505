#include "daemon/sandbox/byte_range.h"

#include "jobs/text/number.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

/// A range as it was asked for; either end may be open, not both.
struct Range {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> last; ///< Without `first`: that many bytes at the end.
};

bool read_digits(std::string_view text, std::optional<std::uint64_t>& number) {
    if (text.empty()) return true;
    number = to_number<std::uint64_t>(text);
    return number.has_value();
}

std::optional<Range> read_range(std::string_view header) {
    constexpr std::string_view kUnit = "bytes=";
    if (!header.starts_with(kUnit)) return std::nullopt;
    header.remove_prefix(kUnit.size());
    const std::size_t dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    Range range;
    if (!read_digits(header.substr(0, dash), range.first)) return std::nullopt;
    if (!read_digits(header.substr(dash + 1), range.last)) return std::nullopt;
    if (!range.first && !range.last) return std::nullopt;
    if (range.first && range.last && *range.last < *range.first) return std::nullopt;
    return range;
}

} // namespace

Reply serve_bytes(std::string_view bytes, std::string_view content_type, std::string_view range,
                  std::string_view if_range) {
    Reply reply;
    reply.content_type = content_type;
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    const std::optional<Range> asked = if_range.empty() ? read_range(range) : std::nullopt;
    if (!asked) {
        reply.body = bytes;
        return reply;
    }
    const std::uint64_t size = bytes.size();
    const std::uint64_t first = asked->first ? *asked->first : size - std::min(*asked->last, size);
    const std::uint64_t end = asked->first && asked->last ? std::min(*asked->last, size - 1) + 1 : size;
    if (first >= end) {
        reply.status = 416;
        reply.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
        return reply;
    }
    reply.status = 206;
    reply.body = bytes.substr(first, end - first);
    reply.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", first, end - 1, size));
    return reply;
}

} // namespace reeld::sandbox
