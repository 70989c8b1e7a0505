#include "daemon/sandbox/header_check.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is(std::string_view text, std::string_view wanted) {
    return std::ranges::equal(text, wanted, {}, lower);
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace

void HeaderCheck::add(std::string_view name, std::string_view value) {
    if (is(name, "host")) {
        ++hosts_;
    } else if (is(name, "content-length")) {
        ++lengths_;
        body_bytes_ = number(value);
    } else if (is(name, "transfer-encoding")) {
        ++encodings_;
        chunked_ = is(value, "chunked");
    }
}

std::optional<Problem> HeaderCheck::problem(std::size_t body_bytes_max) const {
    const auto bad = [](const char* details) {
        return Problem{400, "Bad request", details};
    };
    if (hosts_ != 1) return bad("exactly one Host header is required");
    if (lengths_ > 1) return bad("more than one Content-Length");
    if (lengths_ == 1 && encodings_ > 0) return bad("Content-Length beside Transfer-Encoding");
    if (lengths_ == 1 && !body_bytes_) return bad("Content-Length is not a number");
    if (encodings_ > 1 || (encodings_ == 1 && !chunked_)) return bad("the only Transfer-Encoding is chunked");
    if (body_bytes_ && *body_bytes_ > body_bytes_max) {
        return Problem{413, "Request body too large", fmt::format("at most {} bytes", body_bytes_max)};
    }
    return std::nullopt;
}

} // namespace reeld::sandbox
