#include "daemon/journal/utf8.h"

#include <array>
#include <cstddef>

namespace reeld {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

/// A row of table 3-7 of the Unicode standard: which second bytes may follow which first bytes. Bytes
/// after the second are always 80..BF.
struct SequenceForm {
    unsigned char first_low, first_high;
    unsigned char second_low, second_high;
    std::size_t length;
};

constexpr std::array kForms = {
    SequenceForm{0xC2, 0xDF, 0x80, 0xBF, 2}, SequenceForm{0xE0, 0xE0, 0xA0, 0xBF, 3},
    SequenceForm{0xE1, 0xEC, 0x80, 0xBF, 3}, SequenceForm{0xED, 0xED, 0x80, 0x9F, 3},
    SequenceForm{0xEE, 0xEF, 0x80, 0xBF, 3}, SequenceForm{0xF0, 0xF0, 0x90, 0xBF, 4},
    SequenceForm{0xF1, 0xF3, 0x80, 0xBF, 4}, SequenceForm{0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool within(char byte, unsigned char low, unsigned char high) {
    const auto value = static_cast<unsigned char>(byte);
    return value >= low && value <= high;
}

bool has_form(std::string_view rest, const SequenceForm& form) {
    if (rest.size() < form.length) return false;
    if (!within(rest[0], form.first_low, form.first_high)) return false;
    if (!within(rest[1], form.second_low, form.second_high)) return false;
    for (std::size_t i = 2; i < form.length; ++i) {
        if (!within(rest[i], 0x80, 0xBF)) return false;
    }
    return true;
}

/// Bytes of the sequence that `rest` starts with, 0 when it starts with none. `rest` is not empty.
std::size_t sequence_length(std::string_view rest) {
    if (within(rest[0], 0x00, 0x7F)) return 1;
    for (const SequenceForm& form : kForms) {
        if (has_form(rest, form)) return form.length;
    }
    return 0;
}

} // namespace

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        valid += length == 0 ? kReplacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return valid;
}

} // namespace reeld
