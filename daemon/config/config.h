/// The configuration: read once at start, checked whole, then constant.
#pragma once

#include "daemon/reader/reader.h"
#include "jobs/eachlabs/requests.h"
#include "jobs/storyboard/fault.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace reeld {

struct Config {
    struct Api {
        std::string base_url =
            "https://api.eachlabs.ai/v1"; ///< No slash at its end. Plain http only to a loopback address.
        std::filesystem::path key_file;   ///< Empty: none configured.
        eachlabs::Auth auth = eachlabs::Auth::x_api_key;
        Duration connect_timeout = std::chrono::seconds{10};
        Duration create_timeout = std::chrono::seconds{60};
        Duration poll_timeout = std::chrono::seconds{30};
        std::uint64_t answer_bytes_max = std::uint64_t{1} << 20;
    };
    struct Limits {
        int creates = 100; ///< In any window of length `per`.
        Duration per = std::chrono::seconds{60};
        int concurrent = 10;
    };
    struct Retries {
        int attempts = 3;
        Duration backoff = std::chrono::seconds{2};
        Duration backoff_max = std::chrono::minutes{2};
    };
    struct Polling {
        std::optional<Duration> first; ///< Empty: auto.
        Duration min = std::chrono::seconds{1};
        Duration max = std::chrono::seconds{15};
        Duration give_up = std::chrono::hours{1};
    };
    enum class OnUnresolved : std::uint8_t { hold, retry };

    Api api;
    Limits limits;
    Retries retries;
    Polling polling;
    ReadLimits storyboard;       ///< `storyboard: { bytes, shots, nesting, memory, cpu, time }`.
    std::filesystem::path watch; ///< Empty: none.
    Duration scan_interval = std::chrono::seconds{30};
    std::filesystem::path output = "output";
    std::filesystem::path state; ///< Empty: the caller chooses by $XDG_STATE_HOME.
    OnUnresolved on_unresolved = OnUnresolved::hold;
    Duration settle = std::chrono::minutes{2};
};

struct ConfigRead {
    Config config;
    std::vector<Fault> faults; ///< Any error among them: do not start.
};

/// Reads configuration text. All faults at once, unknown keys with line, column and the nearest valid name.
[[nodiscard]] ConfigRead read_config(const std::string& text);

/// "1500ms", "60s", "2m", "1h"; nothing else.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
/// The shortest exact form that parse_duration takes.
[[nodiscard]] std::string format_duration(Duration duration);

/// The API key, found in this order: `api.key_file`, the systemd credential `eachlabs-api-key`, $EACHLABS_API_KEY.
struct KeyFound {
    std::string key;                   ///< Empty: not found, or `error` says what is wrong with it.
    std::string source;                ///< For messages: "/etc/reeld/api-key", "$EACHLABS_API_KEY".
    std::string error;                 ///< Missing file, empty file, a key with spaces or control characters.
    std::vector<std::string> warnings; ///< "others can read it: chmod 600 …".
};
using Environment = std::function<const char*(const char*)>;
[[nodiscard]] KeyFound find_key(const Config& config, const Environment& environment);

} // namespace reeld
