#include "daemon/config/listen_address.h"

#include "jobs/storyboard/ip_address.h"
#include "jobs/text/number.h"

#include <fmt/format.h>

namespace reeld {

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view address = text.substr(0, colon);
    const auto port = to_number<std::uint16_t>(text.substr(colon + 1));
    if (!port || *port == 0) return std::nullopt;
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
        if (!parse_ipv6(address)) return std::nullopt;
    } else if (!parse_ipv4(address)) {
        return std::nullopt;
    }
    return ListenAddress{.address = std::string{address}, .port = *port};
}

std::string format_listen_address(const ListenAddress& address) {
    const bool v6 = address.address.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", address.address, address.port)
              : fmt::format("{}:{}", address.address, address.port);
}

} // namespace reeld
