/// The configuration: read once at start, checked whole, then constant.
///
/// Every member of Config has a key of the same place in the YAML file (`setting.h` lists them with their
/// meaning and their limits) and a default, which is what a person without a file gets. A Config that
/// came out of read_config() without an error keeps all limits; one that is made by hand need not. Not
/// here: the API key, which is no setting (`key.h`), and where the file lies (`locate.h`).
#pragma once

#include "daemon/config/listen_address.h"
#include "daemon/config/quantity.h"
#include "daemon/reader/reader.h"
#include "jobs/eachlabs/requests.h"
#include "jobs/storyboard/fault.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

struct Config {
    struct Api {
        /// No slash at its end. Plain http only to a loopback address.
        std::string base_url = "https://api.eachlabs.ai/v1";
        std::filesystem::path key_file; ///< Empty: none configured.
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
    /// Both are set, or neither: then no create asks for a webhook, and nobody listens for one.
    struct Webhook {
        std::string public_url; ///< Where the provider reaches `listen`. No slash at its end.
        std::optional<ListenAddress> listen;
    };
    /// The page, the control API and /metrics, for browsers and Prometheus.
    struct HttpPort {
        std::optional<ListenAddress> listen; ///< Empty: nobody listens.
        std::vector<std::string> hosts;      ///< Names by which it may be called, beside those of `listen`.
        /// `session`: how long a browser may act that `reeld dashboard` has let in.
        Duration session_life = std::chrono::hours{12};
    };
    enum class OnUnresolved : std::uint8_t { hold, retry };

    Api api;
    Limits limits;
    Retries retries;
    Polling polling;
    Webhook webhook;
    HttpPort http;
    ReadLimits storyboard;       ///< `storyboard: { bytes, shots, nesting, memory, cpu, time }`.
    std::filesystem::path watch; ///< Empty: none.
    Duration scan_interval = std::chrono::seconds{30};
    Duration quiet_time = std::chrono::milliseconds{500}; ///< `quiet`: see Inbox::Options.
    std::filesystem::path output = "output";
    std::filesystem::path state; ///< Empty: the caller chooses by $XDG_STATE_HOME.
    std::string hours; ///< In which creates may start; empty: at any time. Of batches that have none.
    OnUnresolved on_unresolved = OnUnresolved::hold;
    Duration settle = std::chrono::minutes{2};
    std::vector<std::string> on_batch_end; ///< A program's path and its arguments. Empty: none is run.
    Duration on_batch_end_timeout = std::chrono::seconds{60};
};

struct ConfigRead {
    Config config;
    std::vector<Fault> faults; ///< Any error among them: do not start.
};

/// A configuration larger than this is some other file.
inline constexpr std::size_t kConfigBytesMax = std::size_t{1} << 20;

/// Reads configuration text. All faults at once: unknown keys with the nearest valid name, duplicates, values
/// outside their limits, settings that contradict each other. A key without a value (`watch:`) keeps its
/// default, and so does a text without any key. A line that may hold a key or a password is not quoted in a
/// fault, however it got there.
[[nodiscard]] ConfigRead read_config(std::string_view text);

} // namespace reeld
