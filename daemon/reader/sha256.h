/// SHA-256, by libcrypto.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// The digest of some bytes in lower-case hexadecimal, 64 letters. Throws std::runtime_error when libcrypto
/// cannot compute it, which a sound installation never does.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

} // namespace reeld
