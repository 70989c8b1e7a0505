#include "daemon/random_hex.h"

#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <stdexcept>
#include <sys/random.h>

namespace reeld {

std::string random_hex() {
    std::array<std::uint64_t, 2> bits{};
    if (::getrandom(bits.data(), sizeof bits, 0) != static_cast<ssize_t>(sizeof bits))
        throw std::runtime_error("the kernel gives no random numbers");
    return fmt::format("{:016x}{:016x}", bits[0], bits[1]);
}

} // namespace reeld
