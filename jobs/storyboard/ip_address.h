/// IP addresses as they stand in URLs, and which of them the internet can reach.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint16_t, 8>;

/// Four decimal numbers without leading zeros, and nothing else.
[[nodiscard]] std::optional<Ipv4> parse_ipv4(std::string_view text);

/// RFC 4291, section 2.2: eight groups, `::`, a dotted quad at the end; no zone, no brackets.
[[nodiscard]] std::optional<Ipv6> parse_ipv6(std::string_view text);

/// Whether an address is one of the internet: not private, loopback, link-local, shared, reserved for
/// documentation or tests, multicast or unspecified. Source: the IANA special-purpose address registries.
[[nodiscard]] bool is_public(const Ipv4& address);

/// Likewise; addresses that carry an IPv4 address (mapped, NAT64, 6to4) are as public as that one.
[[nodiscard]] bool is_public(const Ipv6& address);

} // namespace reeld
