/// Finds the API key. It is no part of the configuration: it stands in a file or a variable of its own.
///
/// The key never appears in a message: errors and warnings name the source only. Whoever takes the key hands
/// it to Log::hide() first. Threading: start-up; reads a small file and blocks.
#pragma once

#include "daemon/config/config.h"
#include "daemon/environment.h"

#include <string>
#include <vector>

namespace reeld {

/// The longest key that is believed. The provider's have less than 100 characters; a header of more than
/// some kilobytes is refused by servers.
inline constexpr std::size_t kKeyBytesMax = 4096;

struct KeyFound {
    std::string key;                   ///< Empty: not found, or `error` says what is wrong with it.
    std::string source;                ///< For messages: "/etc/reeld/api-key", "$EACHLABS_API_KEY".
    std::string error;                 ///< What is wrong and what to do. Empty exactly when `key` is not.
    std::vector<std::string> warnings; ///< "…: others can read the key: chmod 600 …".
};

/// The first that is there of: `api.key_file`, the systemd credential `eachlabs-api-key` (a file in
/// $CREDENTIALS_DIRECTORY), $EACHLABS_API_KEY when not empty. The first that is there decides, even when
/// it is faulty: a broken key file is mended, not passed over in favour of some other account's key. Line
/// ends after the key are cut off; anything else but printable ASCII is an error.
[[nodiscard]] KeyFound find_key(const Config& config, const Environment& environment);

} // namespace reeld
