#include "daemon/config/setting.h"

#include "daemon/config/base_url.h"
#include "daemon/hours/open_spans.h"
#include "jobs/storyboard/zone_name.h"
#include "jobs/text/host_name.h"
#include "jobs/text/number.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <climits>

namespace reeld {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kKiB = std::uint64_t{1} << 10;
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

// The bounds are those of sense, not of machines: what lies beyond them is a slip of the finger.
constexpr std::array kSettings = {
    Setting{"api.base_url", "The provider's address; plain http only to this machine",
            BaseUrlField{[](Config& c) -> std::string& {
                return c.api.base_url;
            }}},
    Setting{
        "api.key_file",
        "A file that holds the API key; else the systemd credential eachlabs-api-key, else $EACHLABS_API_KEY",
        KeyFileField{[](Config& c) -> std::filesystem::path& {
            return c.api.key_file;
        }}},
    Setting{"api.auth", "How the key is sent: the header X-API-Key, or Authorization: Bearer",
            AuthField{[](Config& c) -> eachlabs::Auth& {
                return c.api.auth;
            }}},
    Setting{"api.connect_timeout", "How long connecting to the provider may take",
            TimeField{[](Config& c) -> Duration& { return c.api.connect_timeout; }, 100ms, 5min}},
    Setting{"api.create_timeout", "How long a create may take; afterwards nobody knows what became of it",
            TimeField{[](Config& c) -> Duration& { return c.api.create_timeout; }, 1s, 10min}},
    Setting{"api.poll_timeout", "How long a poll may take",
            TimeField{[](Config& c) -> Duration& { return c.api.poll_timeout; }, 1s, 10min}},
    Setting{
        "api.answer_bytes", "The largest answer that is read",
        BytesField{[](Config& c) -> std::uint64_t& { return c.api.answer_bytes_max; }, 4 * kKiB, 16 * kMiB}},
    Setting{"limits.creates", "Creates that the account allows within the time limits.per",
            WholeField{[](Config& c) -> int& { return c.limits.creates; }, 1, 100'000}},
    Setting{"limits.per", "The time in which limits.creates are allowed",
            TimeField{[](Config& c) -> Duration& { return c.limits.per; }, 1ms, 24h}},
    Setting{"limits.concurrent", "Predictions that the account allows at once",
            WholeField{[](Config& c) -> int& { return c.limits.concurrent; }, 1, 10'000}},
    Setting{"watch", "The folder into which storyboards are dropped",
            PathField{[](Config& c) -> std::filesystem::path& {
                return c.watch;
            }}},
    Setting{"scan", "How often the watch folder is looked through, whatever the kernel reports",
            TimeField{[](Config& c) -> Duration& { return c.scan_interval; }, 10ms, 24h}},
    Setting{"quiet", "How long a file must have been left alone after it was written or renamed into place",
            TimeField{[](Config& c) -> Duration& { return c.quiet_time; }, 1ms, 1h}},
    Setting{"output", "The folder of the batches and their manifests",
            PathField{[](Config& c) -> std::filesystem::path& {
                return c.output;
            }}},
    Setting{"state", "The folder of the journal; one daemon at a time holds it",
            PathField{[](Config& c) -> std::filesystem::path& {
                return c.state;
            }}},
    Setting{"retries.attempts", "Creates of one shot before it counts as failed",
            WholeField{[](Config& c) -> int& { return c.retries.attempts; }, 1, 100}},
    Setting{"retries.backoff", "The wait before the second attempt; it doubles with each one",
            TimeField{[](Config& c) -> Duration& { return c.retries.backoff; }, 1ms, 24h}},
    Setting{"retries.backoff_max", "The longest wait between two attempts",
            TimeField{[](Config& c) -> Duration& { return c.retries.backoff_max; }, 1ms, 24h}},
    Setting{"polling.first", "When a prediction is polled first; auto goes by how long the model takes",
            AutoTimeField{[](Config& c) -> std::optional<Duration>& { return c.polling.first; }, 1ms, 24h}},
    Setting{"polling.min", "The shortest time between two polls of a prediction",
            TimeField{[](Config& c) -> Duration& { return c.polling.min; }, 1ms, 1h}},
    Setting{"polling.max", "The longest time between two polls of a prediction",
            TimeField{[](Config& c) -> Duration& { return c.polling.max; }, 1ms, 24h}},
    Setting{"polling.give_up", "The age at which a prediction that does not end is cancelled",
            TimeField{[](Config& c) -> Duration& { return c.polling.give_up; }, 1ms, 168h}},
    Setting{
        "webhook.public_url",
        "Where the provider reaches webhook.listen, to tell that a prediction has ended; each create adds "
        "a secret path of its own",
        WebhookUrlField{[](Config& c) -> std::string& {
            return c.webhook.public_url;
        }}},
    Setting{"webhook.listen", "Where the provider's webhooks arrive, behind what serves webhook.public_url",
            ListenField{[](Config& c) -> std::optional<ListenAddress>& {
                return c.webhook.listen;
            }}},
    Setting{"hours",
            "When creates may start; what runs goes on. A storyboard's own hours count instead, and "
            "reeld submit --now lifts both. Without, at any time",
            HoursField{[](Config& c) -> std::string& {
                return c.hours;
            }}},
    Setting{"on_unresolved",
            "What becomes of a shot whose create got no answer: wait for a person, or risk a "
            "second payment",
            UnresolvedField{[](Config& c) -> Config::OnUnresolved& {
                return c.on_unresolved;
            }}},
    Setting{"settle", "How long an unanswered create is looked for before it counts as not created",
            TimeField{[](Config& c) -> Duration& { return c.settle; }, 1ms, 24h}},
    Setting{"http.listen", "Where browsers and Prometheus reach the daemon; without it, nowhere",
            ListenField{[](Config& c) -> std::optional<ListenAddress>& {
                return c.http.listen;
            }}},
    Setting{"http.hosts",
            "Names by which browsers may call it, beside localhost and the address of http.listen",
            HostsField{[](Config& c) -> std::vector<std::string>& {
                return c.http.hosts;
            }}},
    Setting{"http.session", "How long a browser may act that 'reeld dashboard' has let in",
            TimeField{[](Config& c) -> Duration& { return c.http.session_life; }, 1s, 168h}},
    Setting{"on_batch_end", "The program that serve runs when a batch has ended and its manifest is written",
            CommandField{[](Config& c) -> std::vector<std::string>& {
                return c.on_batch_end;
            }}},
    Setting{"on_batch_end_timeout", "How long that program may take before it is killed",
            TimeField{[](Config& c) -> Duration& { return c.on_batch_end_timeout; }, 1s, 1h}},
    Setting{"storyboard.bytes", "The largest storyboard file",
            BytesField{[](Config& c) -> std::uint64_t& { return c.storyboard.bytes_max; }, kKiB, kGiB}},
    Setting{"storyboard.shots", "The most shots of one storyboard, each take counted",
            CountField{[](Config& c) -> std::uint32_t& { return c.storyboard.shots_max; }, 1, 10'000'000}},
    Setting{"storyboard.nesting", "Lists and mappings of a storyboard within each other",
            CountField{[](Config& c) -> std::uint32_t& { return c.storyboard.nesting_max; }, 4, 256}},
    Setting{"storyboard.memory", "The memory of the process that reads a storyboard",
            BytesField{[](Config& c) -> std::uint64_t& { return c.storyboard.memory_bytes_max; }, 64 * kMiB,
                       64 * kGiB}},
    Setting{"storyboard.cpu", "The processor time of the process that reads a storyboard",
            TimeField{[](Config& c) -> Duration& { return c.storyboard.cpu_max; }, 1s, 1h}},
    Setting{"storyboard.time", "How long reading a storyboard may take",
            TimeField{[](Config& c) -> Duration& { return c.storyboard.time_max; }, 1s, 1h}},
};

// PATH_MAX counts the final NUL, so a usable path has one byte less.
constexpr std::size_t kPathBytesMax = PATH_MAX - 1;

// More than a daemon is called by, and than a program is given.
constexpr std::size_t kHostsMax = 32;
constexpr std::size_t kWordsMax = 64;

/// Stores a value that was read and lies within the field's bounds.
template <typename Target, typename Value, typename Field>
bool store(Target& target, const std::optional<Value>& value, const Field& field) {
    if (!value || *value < field.min || *value > field.max) return false;
    target = *value;
    return true;
}

// One function a form of value: whether the text was good.
bool read(const WholeField& field, std::string_view text, Config& config) {
    return store(field.of(config), to_number<int>(text), field);
}
bool read(const CountField& field, std::string_view text, Config& config) {
    return store(field.of(config), to_number<std::uint32_t>(text), field);
}
bool read(const TimeField& field, std::string_view text, Config& config) {
    return store(field.of(config), parse_duration(text), field);
}
bool read(const AutoTimeField& field, std::string_view text, Config& config) {
    if (text != "auto") return store(field.of(config), parse_duration(text), field);
    field.of(config).reset();
    return true;
}
bool read(const BytesField& field, std::string_view text, Config& config) {
    return store(field.of(config), parse_bytes(text), field);
}
bool read(const PathField& field, std::string_view text, Config& config) {
    if (text.empty() || text.size() > kPathBytesMax || text.find('\0') != std::string_view::npos)
        return false;
    // Only a shell replaces these; here a folder of that name would be made, and nobody would look into it.
    if (text.starts_with('~') || text.starts_with('$')) return false;
    field.of(config) = text;
    return true;
}
bool read(const KeyFileField& field, std::string_view text, Config& config) {
    return text.find('/') != std::string_view::npos && read(PathField{field.of}, text, config);
}
bool read(const BaseUrlField& field, std::string_view text, Config& config) {
    if (!why_not_base_url(text).empty()) return false;
    field.of(config) = without_end_slash(text);
    return true;
}
bool read(const WebhookUrlField& field, std::string_view text, Config& config) {
    if (!why_not_webhook_url(text).empty()) return false;
    field.of(config) = without_end_slash(text);
    return true;
}
bool read(const ListenField& field, std::string_view text, Config& config) {
    auto address = parse_listen_address(text);
    if (!address) return false;
    field.of(config) = std::move(address);
    return true;
}
bool read(const HoursField& field, std::string_view text, Config& config) {
    const auto windows = parse_hours(text);
    if (!windows || unknown_zone(*windows, known_zones())) return false;
    field.of(config) = text;
    return true;
}
bool read_list(const HostsField& field, std::span<const std::string_view> items, Config& config) {
    if (items.size() > kHostsMax || !std::all_of(items.begin(), items.end(), is_host_name)) return false;
    field.of(config).assign(items.begin(), items.end());
    return true;
}
bool read_list(const CommandField& field, std::span<const std::string_view> items, Config& config) {
    // Where a relative path led would depend on the folder that it is run in.
    if (items.empty() || items.size() > kWordsMax || !items.front().starts_with('/')) return false;
    const auto good = [](std::string_view word) {
        return word.size() <= kPathBytesMax && word.find('\0') == std::string_view::npos;
    };
    if (!std::all_of(items.begin(), items.end(), good)) return false;
    field.of(config).assign(items.begin(), items.end());
    return true;
}
bool read(const HostsField& field, std::string_view text, Config& config) {
    return read_list(field, {&text, 1}, config);
}
bool read(const CommandField& field, std::string_view text, Config& config) {
    return read_list(field, {&text, 1}, config);
}
bool read(const AuthField& field, std::string_view text, Config& config) {
    if (text != "x-api-key" && text != "bearer") return false;
    field.of(config) = text == "bearer" ? eachlabs::Auth::bearer : eachlabs::Auth::x_api_key;
    return true;
}
bool read(const UnresolvedField& field, std::string_view text, Config& config) {
    if (text != "hold" && text != "retry") return false;
    field.of(config) = text == "retry" ? Config::OnUnresolved::retry : Config::OnUnresolved::hold;
    return true;
}

std::string write(const WholeField& field, Config& config) {
    return std::to_string(field.of(config));
}
std::string write(const CountField& field, Config& config) {
    return std::to_string(field.of(config));
}
std::string write(const TimeField& field, Config& config) {
    return format_duration(field.of(config));
}
std::string write(const AutoTimeField& field, Config& config) {
    const auto& first = field.of(config);
    return first ? format_duration(*first) : "auto";
}
std::string write(const BytesField& field, Config& config) {
    return format_bytes(field.of(config));
}
std::string write(const PathField& field, Config& config) {
    return field.of(config).string();
}
std::string write(const KeyFileField& field, Config& config) {
    return field.of(config).string();
}
std::string write(const BaseUrlField& field, Config& config) {
    return field.of(config);
}
std::string write(const WebhookUrlField& field, Config& config) {
    return field.of(config);
}
std::string write(const HoursField& field, Config& config) {
    return field.of(config);
}
std::string write(const ListenField& field, Config& config) {
    const auto& address = field.of(config);
    return address ? format_listen_address(*address) : "";
}
std::string write_list(const std::vector<std::string>& items) {
    if (items.size() < 2) return items.empty() ? "" : items.front();
    std::string text;
    for (const std::string& item : items) text += fmt::format("{}\"{}\"", text.empty() ? "[" : ", ", item);
    return text + "]";
}
std::string write(const HostsField& field, Config& config) {
    return write_list(field.of(config));
}
std::string write(const CommandField& field, Config& config) {
    return write_list(field.of(config));
}
std::string write(const AuthField& field, Config& config) {
    return field.of(config) == eachlabs::Auth::bearer ? "bearer" : "x-api-key";
}
std::string write(const UnresolvedField& field, Config& config) {
    return field.of(config) == Config::OnUnresolved::retry ? "retry" : "hold";
}

std::string form(const WholeField& field) {
    return fmt::format("a whole number of {} to {}", field.min, field.max);
}
std::string form(const CountField& field) {
    return fmt::format("a whole number of {} to {}", field.min, field.max);
}
std::string form(const TimeField& field) {
    return fmt::format("a duration of {} to {}, such as 500ms, 60s, 2m or 1h", format_duration(field.min),
                       format_duration(field.max));
}
std::string form(const AutoTimeField& field) {
    return fmt::format("auto or {}", form(TimeField{.of = nullptr, .min = field.min, .max = field.max}));
}
std::string form(const BytesField& field) {
    return fmt::format("a size of {} to {}, such as 512KiB, 64MiB or 1GiB", format_bytes(field.min),
                       format_bytes(field.max));
}
std::string form(const PathField&) {
    return "a path, written out (~ and $HOME are not replaced)";
}
std::string form(const KeyFileField&) {
    return "the path of a file, written out, with a \"/\" in it (not the key itself)";
}
std::string form(const BaseUrlField&) {
    return "an https address";
}
std::string form(const WebhookUrlField&) {
    return "an https address";
}
std::string form(const ListenField&) {
    return "a numeric address and a port, such as 127.0.0.1:8788 or [::1]:8788";
}
std::string form(const HoursField&) {
    return fmt::format("hours such as {}", kHoursForm);
}
std::string form(const HostsField&) {
    return "a list of host names without ports, such as [reeld.example.org]";
}
std::string form(const CommandField&) {
    return "the absolute path of a program, or a list of it and its arguments, such as [/usr/bin/logger, -t, "
           "reeld]; "
           "no shell reads it";
}
std::string form(const AuthField&) {
    return "x-api-key or bearer";
}
std::string form(const UnresolvedField&) {
    return "hold or retry";
}

} // namespace

std::span<const Setting> settings() {
    return kSettings;
}

const Setting* find_setting(std::string_view key) {
    const auto found = std::find_if(kSettings.begin(), kSettings.end(),
                                    [key](const Setting& setting) { return setting.key == key; });
    return found == kSettings.end() ? nullptr : &*found;
}

std::string set(const Setting& setting, std::string_view text, Config& config) {
    const bool good = std::visit([&](const auto& field) { return read(field, text, config); }, setting.field);
    if (good) return {};
    // Where people put a key by mistake, the message does not repeat what they put.
    if (std::holds_alternative<BaseUrlField>(setting.field)) return why_not_base_url(text);
    if (std::holds_alternative<WebhookUrlField>(setting.field)) return why_not_webhook_url(text);
    if (std::holds_alternative<HoursField>(setting.field)) {
        const auto windows = parse_hours(text);
        const auto zone = windows ? unknown_zone(*windows, known_zones()) : std::nullopt;
        if (zone) return why_no_zone(*zone, known_zones());
    }
    if (std::holds_alternative<KeyFileField>(setting.field) ||
        std::holds_alternative<AuthField>(setting.field))
        return fmt::format("must be {}", takes(setting));
    return fmt::format("must be {}; got {}", takes(setting), quote(text));
}

bool takes_list(const Setting& setting) {
    return std::holds_alternative<HostsField>(setting.field) ||
           std::holds_alternative<CommandField>(setting.field);
}

std::string set_list(const Setting& setting, std::span<const std::string_view> items, Config& config) {
    const auto* hosts = std::get_if<HostsField>(&setting.field);
    const bool good = hosts != nullptr ? read_list(*hosts, items, config)
                                       : read_list(std::get<CommandField>(setting.field), items, config);
    return good ? "" : fmt::format("must be {}", takes(setting));
}

std::string show(const Setting& setting, const Config& config) {
    Config copy = config; // The fields' accessors are those that also write.
    return std::visit([&](const auto& field) { return write(field, copy); }, setting.field);
}

std::string takes(const Setting& setting) {
    return std::visit([](const auto& field) { return form(field); }, setting.field);
}

} // namespace reeld
