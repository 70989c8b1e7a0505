#include "daemon/config/config.h"

#include "daemon/config/setting.h"
#include "jobs/storyboard/nearest_name.h"
#include "jobs/storyboard/text_check.h"
#include "jobs/storyboard/yaml_tree.h"
#include "jobs/text/ascii.h"
#include "jobs/text/blanks.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace reeld {
namespace {

// More faults than anyone mends in one go.
constexpr std::size_t kConfigFaultsMax = 100;

// The parser's own limits. A configuration is two levels deep and has some thirty values.
constexpr StoryboardLimits kYamlLimits{.bytes_max = kConfigBytesMax, .shots_max = 0, .nesting_max = 16};

std::string_view section_of(std::string_view key) {
    const auto dot = key.find('.');
    return dot == std::string_view::npos ? std::string_view{} : key.substr(0, dot);
}

bool is_section(std::string_view name) {
    return std::any_of(settings().begin(), settings().end(),
                       [name](const Setting& setting) { return section_of(setting.key) == name; });
}

/// The names that may stand in a section, or at the top (where sections stand, too).
std::vector<std::string_view> names_in(std::string_view section) {
    std::vector<std::string_view> names;
    for (const Setting& setting : settings()) {
        const std::string_view own = section_of(setting.key);
        if (own == section)
            names.push_back(section.empty() ? setting.key : setting.key.substr(section.size() + 1));
        else if (section.empty() && (names.empty() || names.back() != own))
            names.push_back(own);
    }
    return names;
}

/// `creates` at the top belongs into `limits`: what to say about a name in the wrong place, or nothing.
std::string right_place(std::string_view name) {
    for (const Setting& setting : settings()) {
        const std::string_view section = section_of(setting.key);
        if (section.empty() ? setting.key == name : setting.key.substr(section.size() + 1) == name)
            return section.empty() ? std::string{" (it stands at the top, in no section)"}
                                   : fmt::format(" (it belongs into \"{}\")", section);
    }
    return {};
}

/// Whether a line may hold a key or a password, be it in the wrong place (`api: { key: … }`). It would go
/// from the excerpt under a message into the system's log.
bool may_hold_secret(std::string_view line) {
    static constexpr std::array<std::string_view, 7> kSigns = {"key",  "secret", "token", "password",
                                                               "auth", "bearer", "@"};
    return std::any_of(kSigns.begin(), kSigns.end(), [&line](std::string_view sign) {
        return std::search(line.begin(), line.end(), sign.begin(), sign.end(),
                           [](char in_line, char in_sign) { return in_sign == lower_letter(in_line); }) !=
               line.end();
    });
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
    for (; line > 1; --line) text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
    return text.substr(0, text.find('\n'));
}

/// The first word that looks like a key wherever it stands: long, of letters and digits mixed.
std::string_view key_like_word(std::string_view text) {
    constexpr std::size_t kKeyBytesMin = 16;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const bool goes_on =
            at < text.size() && (is_letter_or_digit(text[at]) || text[at] == '-' || text[at] == '_');
        if (goes_on) continue;
        const auto word = text.substr(begin, at - begin);
        begin = at + 1;
        const bool has_digit = std::any_of(word.begin(), word.end(), is_digit);
        if (word.size() >= kKeyBytesMin && has_digit && !std::all_of(word.begin(), word.end(), is_digit))
            return word;
    }
    return {};
}

void blank_secrets(std::string_view text, std::vector<Fault>& faults) {
    for (Fault& fault : faults) {
        for (auto word = key_like_word(fault.message); !word.empty(); word = key_like_word(fault.message))
            fault.message.replace(fault.message.find(word), word.size(), "…");
        if (fault.place.line == 0) continue;
        const auto line = line_of(text, fault.place.line);
        if (!may_hold_secret(line) && key_like_word(line).empty()) continue;
        fault.excerpt.clear();
        fault.caret = 0;
    }
}

/// One reading of one tree.
class Reading {
public:
    Reading(const YamlTree& tree, FaultList& faults) : tree_{tree}, faults_{faults} {}

    Config read() {
        read_mapping(tree_.root(), {});
        check_order("polling.min", config_.polling.min, "polling.max", config_.polling.max);
        check_order("polling.max", config_.polling.max, "polling.give_up", config_.polling.give_up);
        check_order("retries.backoff", config_.retries.backoff, "retries.backoff_max",
                    config_.retries.backoff_max);
        check_both("webhook.public_url", "webhook.listen");
        check_both("webhook.listen", "webhook.public_url");
        return config_;
    }

private:
    void read_mapping(YamlTree::Value mapping, std::string_view section) {
        if (tree_.kind(mapping) == YamlKind::null) return;
        if (tree_.kind(mapping) != YamlKind::mapping) {
            const std::string what = section.empty() ? "a configuration" : fmt::format("\"{}\"", section);
            return faults_.error(tree_.offset(mapping),
                                 what + " must be a mapping of keys and values, key: value");
        }
        for (std::size_t i = 0; i < tree_.entry_count(mapping); ++i)
            read_entry(tree_.entry(mapping, i), section);
    }

    void read_entry(YamlTree::Entry entry, std::string_view section) {
        const std::string_view name = tree_.text(entry.key);
        if (section.empty() && is_section(name)) return read_mapping(entry.value, name);
        const std::string key = section.empty() ? std::string{name} : fmt::format("{}.{}", section, name);
        // A dotted name at the top ("limits.creates: 5") is the message's form of a key, not the file's.
        const Setting* setting = section.empty() && name.find('.') != name.npos ? nullptr : find_setting(key);
        if (setting == nullptr) return unknown(entry.key, name, section);
        read_value(*setting, entry.value);
    }

    void read_value(const Setting& setting, YamlTree::Value value) {
        if (tree_.kind(value) == YamlKind::null) return;
        const std::size_t offset = tree_.offset(value);
        const bool is_list = tree_.kind(value) == YamlKind::sequence && takes_list(setting);
        if (!is_list && tree_.kind(value) != YamlKind::scalar)
            return faults_.error(offset,
                                 fmt::format("{} takes {}: {}", setting.key,
                                             takes_list(setting) ? "a list or one value" : "one value",
                                             takes(setting)));
        tried_.insert(setting.key);
        const std::string wrong =
            is_list ? read_list(setting, value) : set(setting, tree_.text(value), config_);
        if (!wrong.empty()) return faults_.error(offset, fmt::format("{} {}", setting.key, wrong));
        given_[setting.key] = offset;
    }

    /// Empty when it is good, like set().
    std::string read_list(const Setting& setting, YamlTree::Value list) {
        std::vector<std::string_view> items;
        for (const YamlTree::Value item : tree_.items(list)) {
            if (tree_.kind(item) != YamlKind::scalar) return fmt::format("must be {}", takes(setting));
            items.push_back(tree_.text(item));
        }
        return set_list(setting, items, config_);
    }

    void unknown(YamlTree::Value key, std::string_view name, std::string_view section) {
        const auto names = names_in(section);
        std::string advice = right_place(name);
        if (advice.empty()) advice = did_you_mean(name, names);
        if (advice.empty()) advice = fmt::format(" (known are {})", fmt::join(names, ", "));
        const std::string where = section.empty() ? "" : fmt::format(" in \"{}\"", section);
        faults_.error(tree_.offset(key), fmt::format("unknown key {}{}{}", quote(name), where, advice));
    }

    /// Reported where the file says one of the two; when it says neither, the defaults hold and agree.
    void check_order(std::string_view low_key, Duration low, std::string_view high_key, Duration high) {
        if (low <= high) return;
        const auto place = given_.contains(high_key) ? given_.find(high_key) : given_.find(low_key);
        if (place == given_.end()) return;
        faults_.error(place->second,
                      fmt::format("{} ({}) must not be longer than {} ({}): change one of them", low_key,
                                  format_duration(low), high_key, format_duration(high)));
    }

    void check_both(std::string_view key, std::string_view other) {
        const auto place = given_.find(key);
        if (place == given_.end() || tried_.contains(other)) return;
        faults_.error(place->second, fmt::format("{} needs {} beside it", key, other));
    }

    const YamlTree& tree_;
    FaultList& faults_;
    Config config_;
    std::map<std::string_view, std::size_t> given_; ///< Offsets of the values that were good, by key.
    std::set<std::string_view> tried_;              ///< Keys that have a value, good or not.
};

} // namespace

ConfigRead read_config(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const SourceText source{text};
    FaultList faults{source, kConfigFaultsMax};
    ConfigRead result;
    if (text.size() > kConfigBytesMax) {
        faults.error_of_file(
            fmt::format("larger than {}: this is no configuration", format_bytes(kConfigBytesMax)));
    } else if (check_text(text, faults)) {
        if (const auto tree = parse_yaml(source, kYamlLimits, faults))
            result.config = Reading{*tree, faults}.read();
    }
    result.faults = faults.take();
    blank_secrets(text, result.faults);
    return result;
}

} // namespace reeld
