#include "daemon/http/header_check.h"

#include "daemon/http/letters.h"
#include "jobs/text/number.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace reeld::http {

namespace {

/// Beside those that frame the request. Where readers differ in which of two they take, there must be one.
constexpr std::array<std::string_view, 9> kAtMostOnce = {
    "authorization",  "content-type",   "cookie",         "origin",        "range",
    "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user"};

/// A name, an IPv4 address, or an IPv6 one in brackets, and maybe a port; blanks around it do not count.
bool is_host_character(char c) {
    return is_letter_or_digit(c) || std::string_view("-._~:[] \t").find(c) != std::string_view::npos;
}

bool is_text(char c) {
    return c == '\t' || !is_control(c);
}

} // namespace

void HeaderCheck::add(std::string_view name, std::string_view value) {
    strange_text_ = strange_text_ || !is_token(name) || !std::ranges::all_of(value, is_text);
    if (same_letters(name, "host")) {
        ++hosts_;
        strange_host_ = strange_host_ || !std::ranges::all_of(value, is_host_character);
    } else if (same_letters(name, "content-length")) {
        ++lengths_;
        body_bytes_ = to_number<std::uint64_t>(value);
    } else if (same_letters(name, "transfer-encoding")) {
        ++encodings_;
        chunked_ = same_letters(value, "chunked");
    }
    for (std::size_t i = 0; i < kAtMostOnce.size(); ++i) {
        if (!same_letters(name, kAtMostOnce[i])) continue;
        twice_ = twice_ || once_[i];
        once_[i] = true;
    }
}

std::optional<Refusal> HeaderCheck::refusal(const Limits& limits) const {
    const auto bad = [](const char* why) {
        return Refusal{400, fmt::format("bad request: {}", why), ""};
    };
    if (strange_text_) return bad("a header holds characters that no header may hold");
    if (hosts_ != 1) return bad("exactly one Host header is required");
    if (strange_host_) return bad("the Host header does not name a host");
    if (lengths_ > 1) return bad("more than one Content-Length");
    if (lengths_ == 1 && encodings_ > 0) return bad("Content-Length beside Transfer-Encoding");
    if (lengths_ == 1 && !body_bytes_) return bad("Content-Length is not a number");
    if (encodings_ > 1 || (encodings_ == 1 && !chunked_)) return bad("the only Transfer-Encoding is chunked");
    if (twice_) return bad("a header came twice that may come but once");
    if (encodings_ == 1 && !limits.chunked_bodies) {
        return Refusal{411, "the body comes in chunks", "send a Content-Length"};
    }
    if (body_bytes_ && *body_bytes_ > limits.body_bytes_max) {
        return Refusal{413, "the body is too large", fmt::format("at most {} bytes", limits.body_bytes_max)};
    }
    return std::nullopt;
}

} // namespace reeld::http
