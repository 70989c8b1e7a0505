/// The headers that say where a request ends and whom it is for: whether they can be trusted.
///
/// Two readers of one connection that disagree about the end of a request let a second one be smuggled in;
/// so whatever could be read in two ways is refused. Pure: it is fed names and values, one at a time.
#pragma once

#include "daemon/sandbox/reply.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld::sandbox {

class HeaderCheck {
public:
    void add(std::string_view name, std::string_view value);

    /// 400 unless there is exactly one Host, at most one Content-Length (digits only), no Transfer-Encoding
    /// beside it, and none but "chunked"; 413 when the announced body is longer than `body_bytes_max`.
    [[nodiscard]] std::optional<Problem> problem(std::size_t body_bytes_max) const;

private:
    int hosts_ = 0;
    int lengths_ = 0;
    int encodings_ = 0;
    bool chunked_ = false;
    std::optional<std::uint64_t> body_bytes_; ///< Of the last Content-Length, when it is a number.
};

} // namespace reeld::sandbox
