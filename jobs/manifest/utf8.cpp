#include "jobs/manifest/utf8.h"

#include <cstddef>

namespace reeld {
namespace {

/// What may follow a lead byte: how many bytes, and the range of the first of them. The others are
/// 0x80 … 0xBF. From table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences".
struct Tail {
    std::size_t length;
    unsigned char first_min;
    unsigned char first_max;
};

/// Length 0 for ASCII; 4, which no text can satisfy, for bytes that begin nothing.
Tail tail_of(unsigned char lead) {
    if (lead < 0x80) return {0, 0, 0};
    if (lead < 0xC2) return {4, 1, 0};
    if (lead < 0xE0) return {1, 0x80, 0xBF};
    if (lead == 0xE0) return {2, 0xA0, 0xBF};
    if (lead == 0xED) return {2, 0x80, 0x9F};
    if (lead < 0xF0) return {2, 0x80, 0xBF};
    if (lead == 0xF0) return {3, 0x90, 0xBF};
    if (lead < 0xF4) return {3, 0x80, 0xBF};
    if (lead == 0xF4) return {3, 0x80, 0x8F};
    return {4, 1, 0};
}

/// The length in bytes of the character at the start of `text`, or 0 when there is none.
std::size_t character_at(std::string_view text) {
    const Tail tail = tail_of(static_cast<unsigned char>(text[0]));
    if (text.size() <= tail.length) return 0;
    for (std::size_t i = 1; i <= tail.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const unsigned char min = i == 1 ? tail.first_min : 0x80;
        const unsigned char max = i == 1 ? tail.first_max : 0xBF;
        if (byte < min || byte > max) return 0;
    }
    return tail.length + 1;
}

} // namespace

std::string repair_utf8(std::string_view text) {
    std::string repaired;
    repaired.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = character_at(text);
        repaired += length == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return repaired;
}

} // namespace reeld
