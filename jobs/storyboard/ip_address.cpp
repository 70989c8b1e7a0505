#include "jobs/storyboard/ip_address.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace reeld {

namespace {

struct Ipv4Block {
    Ipv4 first;
    int bits;
};

constexpr auto kNotPublic = std::to_array<Ipv4Block>({
    {{0, 0, 0, 0}, 8},       // "this network"
    {{10, 0, 0, 0}, 8},      // private
    {{100, 64, 0, 0}, 10},   // shared by the customers of a provider
    {{127, 0, 0, 0}, 8},     // loopback
    {{169, 254, 0, 0}, 16},  // link-local; also the addresses that clouds answer about themselves on
    {{172, 16, 0, 0}, 12},   // private
    {{192, 0, 0, 0}, 24},    // protocol assignments
    {{192, 0, 2, 0}, 24},    // documentation
    {{192, 88, 99, 0}, 24},  // relays that are no more
    {{192, 168, 0, 0}, 16},  // private
    {{198, 18, 0, 0}, 15},   // benchmarks
    {{198, 51, 100, 0}, 24}, // documentation
    {{203, 0, 113, 0}, 24},  // documentation
    {{224, 0, 0, 0}, 3},     // multicast, reserved, broadcast
});

std::uint32_t as_number(const Ipv4& address) {
    std::uint32_t number = 0;
    for (const std::uint8_t part : address) number = (number << 8U) | part;
    return number;
}

Ipv4 ipv4_from(std::uint16_t high, std::uint16_t low) {
    return {static_cast<std::uint8_t>(high >> 8U), static_cast<std::uint8_t>(high & 0xFFU),
            static_cast<std::uint8_t>(low >> 8U), static_cast<std::uint8_t>(low & 0xFFU)};
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text, int base) {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, base);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

/// Groups separated by colons; a dotted quad at the end makes two. An empty text has none.
std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text, bool may_end_in_quad) {
    std::vector<std::uint16_t> groups;
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        if (may_end_in_quad && colon == text.npos && group.find('.') != group.npos) {
            const std::optional<Ipv4> quad = parse_ipv4(group);
            if (!quad) return std::nullopt;
            groups.push_back(static_cast<std::uint16_t>((*quad)[0] << 8 | (*quad)[1]));
            groups.push_back(static_cast<std::uint16_t>((*quad)[2] << 8 | (*quad)[3]));
            return groups;
        }
        const auto number = group.size() <= 4 ? parse_number<std::uint16_t>(group, 16) : std::nullopt;
        if (!number || (colon != text.npos && colon + 1 == text.size())) return std::nullopt;
        groups.push_back(*number);
        text.remove_prefix(colon == text.npos ? text.size() : colon + 1);
    }
    return groups;
}

} // namespace

std::optional<Ipv4> parse_ipv4(std::string_view text) {
    Ipv4 address{};
    for (std::size_t i = 0; i < address.size(); ++i) {
        const std::size_t end = i + 1 < address.size() ? text.find('.') : text.size();
        if (end == text.npos || end == 0 || end > 3) return std::nullopt;
        const auto part = parse_number<std::uint8_t>(text.substr(0, end), 10);
        if (!part || (end > 1 && text[0] == '0')) return std::nullopt;
        address[i] = *part;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return address;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
    const std::size_t gap = text.find("::");
    const auto head = parse_groups(text.substr(0, gap), gap == text.npos);
    const auto tail =
        gap == text.npos ? std::vector<std::uint16_t>{} : parse_groups(text.substr(gap + 2), true);
    if (!head || !tail) return std::nullopt;
    const std::size_t count = head->size() + tail->size();
    if (gap == text.npos ? count != 8 : count > 7) return std::nullopt;

    Ipv6 address{};
    std::copy(head->begin(), head->end(), address.begin());
    std::copy_backward(tail->begin(), tail->end(), address.end());
    return address;
}

bool is_public(const Ipv4& address) {
    const std::uint32_t number = as_number(address);
    return std::none_of(kNotPublic.begin(), kNotPublic.end(), [number](const Ipv4Block& block) {
        return (number ^ as_number(block.first)) >> (32 - block.bits) == 0;
    });
}

bool is_public(const Ipv6& address) {
    const bool mapped =
        std::all_of(address.begin(), address.begin() + 5, [](auto group) { return group == 0; }) &&
        address[5] == 0xFFFF;
    const bool nat64 = address[0] == 0x64 && address[1] == 0xFF9B;
    if (mapped || nat64) return is_public(ipv4_from(address[6], address[7]));
    if (address[0] == 0x2002) return is_public(ipv4_from(address[1], address[2]));
    const bool documentation = address[0] == 0x2001 && address[1] == 0x0DB8;
    const bool protocols = address[0] == 0x2001 && address[1] < 0x0200;
    const bool global = (address[0] & 0xE000U) == 0x2000U; // All that was ever given out.
    return global && !documentation && !protocols;
}

} // namespace reeld
