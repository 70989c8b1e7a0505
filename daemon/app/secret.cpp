#include "daemon/app/secret.h"

#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <stdexcept>
#include <sys/random.h>

namespace reeld {

std::string new_secret() {
    std::array<std::uint64_t, 2> bits{};
    if (::getrandom(bits.data(), sizeof bits, 0) != static_cast<ssize_t>(sizeof bits))
        throw std::runtime_error("the kernel gives no random numbers");
    return fmt::format("{:016x}{:016x}", bits[0], bits[1]);
}

bool equals_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace reeld
