/// The headers that say where a request ends and whom it is for: whether they can be trusted.
///
/// Two readers of one connection that disagree about the end of a request let a second one be smuggled in; so
/// whatever could be read in two ways is refused, and so is a second header of those that decide what a
/// request may do. Pure: it is fed names and values, one at a time, as they came.
#pragma once

#include "daemon/http/reply.h"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld::http {

class HeaderCheck {
public:
    struct Limits {
        std::size_t body_bytes_max = 0;
        bool chunked_bodies = true; ///< False: a body must announce its length.
    };

    void add(std::string_view name, std::string_view value);

    /// 400 unless every name is a token and no value holds a control character; there is exactly one Host,
    /// which is a host's name; at most one Content-Length (digits only), no Transfer-Encoding beside it, and
    /// none but "chunked"; and at most one of Authorization, Content-Type, Cookie, Origin, Range and the
    /// Sec-Fetch headers. 411 for a chunked body where there must be none; 413 when the announced body is too
    /// long.
    [[nodiscard]] std::optional<Refusal> refusal(const Limits& limits) const;

private:
    int hosts_ = 0;
    int lengths_ = 0;
    int encodings_ = 0;
    bool chunked_ = false;
    bool strange_host_ = false;
    bool strange_text_ = false;               ///< A name that is no token, or a control character in a value.
    bool twice_ = false;                      ///< One of those that may come but once.
    std::bitset<16> once_;                    ///< Which of those have come.
    std::optional<std::uint64_t> body_bytes_; ///< Of the last Content-Length, when it is a number.
};

} // namespace reeld::http
