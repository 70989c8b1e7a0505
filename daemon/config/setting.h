/// The settings: one table that the reader, the messages and the reference are made of.
///
/// A setting is a key, its meaning, and a field of Config with the limits of its values. A new member of
/// Config gets a row here and is then read, checked, suggested and documented; tests hold the table
/// against Config. Not here: rules between two settings, which config.cpp knows.
#pragma once

#include "daemon/config/config.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace reeld {

/// A field of Config and the values that it takes, one type for each form of value. Bounds are inclusive.
struct WholeField {
    int& (*of)(Config&);
    int min;
    int max;
};
struct CountField {
    std::uint32_t& (*of)(Config&);
    std::uint32_t min;
    std::uint32_t max;
};
struct TimeField {
    Duration& (*of)(Config&);
    Duration min;
    Duration max;
};
/// A duration, or "auto" for none.
struct AutoTimeField {
    std::optional<Duration>& (*of)(Config&);
    Duration min;
    Duration max;
};
struct BytesField {
    std::uint64_t& (*of)(Config&);
    std::uint64_t min;
    std::uint64_t max;
};
struct PathField {
    std::filesystem::path& (*of)(Config&);
};
/// A path with a slash in it, so that a key which was put in the place of its file is refused, not repeated
/// in a message about a missing file.
struct KeyFileField {
    std::filesystem::path& (*of)(Config&);
};
struct BaseUrlField {
    std::string& (*of)(Config&);
};
struct WebhookUrlField {
    std::string& (*of)(Config&);
};
/// A numeric address and a port.
struct ListenField {
    std::optional<ListenAddress>& (*of)(Config&);
};
struct AuthField {
    eachlabs::Auth& (*of)(Config&);
};
struct UnresolvedField {
    Config::OnUnresolved& (*of)(Config&);
};
/// Hours as people write them (jobs/text/hours.h), of zones that this machine knows.
struct HoursField {
    std::string& (*of)(Config&);
};
/// Host names, as a list or as one of them.
struct HostsField {
    std::vector<std::string>& (*of)(Config&);
};
/// A program, as its path or as a list of the path and its arguments. Never a line for a shell.
struct CommandField {
    std::vector<std::string>& (*of)(Config&);
};

struct Setting {
    using Field = std::variant<WholeField, CountField, TimeField, AutoTimeField, BytesField, PathField,
                               KeyFileField, BaseUrlField, WebhookUrlField, ListenField, AuthField,
                               UnresolvedField, HoursField, HostsField, CommandField>;

    std::string_view key;     ///< With its section: "limits.creates". At most one dot.
    std::string_view meaning; ///< One sentence without its full stop.
    Field field;
};

/// All settings, in the order of the reference; those of a section stand together.
[[nodiscard]] std::span<const Setting> settings();

/// Null when there is none of this key.
[[nodiscard]] const Setting* find_setting(std::string_view key);

/// Reads a value into its field. Empty when it is good; else what the setting takes and what it got, to
/// be put after the key: `must be a duration of 1ms to 24h, such as 60s; got "fast"`. The field is then
/// untouched.
[[nodiscard]] std::string set(const Setting& setting, std::string_view text, Config& config);

/// Whether the value may be a list.
[[nodiscard]] bool takes_list(const Setting& setting);

/// The same as set(), for a list. Precondition: takes_list(setting).
[[nodiscard]] std::string set_list(const Setting& setting, std::span<const std::string_view> items,
                                   Config& config);

/// The value in the form in which it is written; empty for one that is not set.
[[nodiscard]] std::string show(const Setting& setting, const Config& config);

/// What values the setting takes: "a whole number of 1 to 100000".
[[nodiscard]] std::string takes(const Setting& setting);

} // namespace reeld
