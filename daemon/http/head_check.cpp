#include "daemon/http/head_check.h"

#include "daemon/http/letters.h"

#include <microhttpd.h>

namespace reeld::http {

namespace {

constexpr std::string_view kLineEnd{"\0\0", 2};

/// Takes what stands before the next NUL, and leaves that NUL.
std::string_view take_text(std::string_view& rest) {
    const std::string_view text = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(text.size());
    return text;
}

} // namespace

bool reads_in_place() {
    return std::string_view(MHD_get_version()) == "0.9.75";
}

bool is_strict(std::string_view fields, std::size_t count) {
    while (fields != kLineEnd) {
        if (count == 0 || !is_token(take_text(fields)) || fields.empty()) return false;
        fields.remove_prefix(1);
        take_text(fields);
        if (!fields.starts_with(kLineEnd)) return false;
        fields.remove_prefix(kLineEnd.size());
        --count;
    }
    return count == 0;
}

} // namespace reeld::http
