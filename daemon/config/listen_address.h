/// Where one of reeld's own servers listens, as an operator writes it. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

struct ListenAddress {
    std::string address;    ///< Numeric, IPv4 or IPv6, without brackets.
    std::uint16_t port = 0; ///< 1 … 65535.

    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// "127.0.0.1:8788" or "[::1]:8788". std::nullopt for all else: a name could mean several addresses, and a
/// port alone would have to be guessed an address for.
[[nodiscard]] std::optional<ListenAddress> parse_listen_address(std::string_view text);

/// The form that parse_listen_address() takes.
[[nodiscard]] std::string format_listen_address(const ListenAddress& address);

} // namespace reeld
