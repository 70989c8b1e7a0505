#include "daemon/log.h"

#include "jobs/text/utf8.h"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <utility>

namespace reeld {
namespace {

constexpr std::array<std::pair<LogLevel, std::string_view>, 5> kLevels = {{
    {LogLevel::error, "error"},
    {LogLevel::warning, "warning"},
    {LogLevel::notice, "notice"},
    {LogLevel::info, "info"},
    {LogLevel::debug, "debug"},
}};

std::string escaped(std::string_view text, bool in_quotes) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Character character = character_at(text, at);
        if (text[at] == '\n') {
            result += "\\n";
        } else if (text[at] == '\t') {
            result += "\\t";
        } else if (character.bytes == 0) {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
        } else if (is_control(character.code)) {
            result += fmt::format("\\x{:02x}", static_cast<unsigned>(character.code));
        } else {
            if (in_quotes && (text[at] == '"' || text[at] == '\\')) result += '\\';
            result += text.substr(at, character.bytes);
        }
        at += std::max<std::size_t>(1, character.bytes);
    }
    return result;
}

// logfmt: bare when it can be told where the value ends, else in double quotes.
std::string as_value(std::string_view text) {
    const bool bare = !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\\' || c == '=' || c == '\x7F';
    });
    return bare ? escaped(text, false) : fmt::format("\"{}\"", escaped(text, true));
}

// "2026-11-23T01:02:03.004Z"
std::string timestamp(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

// "batch" is REELD_BATCH: the journal's own fields have no prefix, and are in capitals as well.
std::string entry_name(std::string_view name) {
    std::string result = "REELD_";
    for (const char c : name) result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return result;
}

// Cuts between characters: a half one would make the whole line unreadable to strict readers.
void shorten(std::string& line) {
    if (line.size() <= kLogLineBytesMax) return;
    std::size_t end = kLogLineBytesMax;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
    line += "…";
}

void write_line(int fd, std::string_view line) {
    while (!line.empty()) {
        const ssize_t written = ::write(fd, line.data(), line.size());
        if (written > 0) {
            line.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return;
        }
    }
}

} // namespace

std::optional<LogLevel> parse_log_level(std::string_view word) {
    for (const auto& [level, name] : kLevels) {
        if (name == word) return level;
    }
    return std::nullopt;
}

std::string_view to_word(LogLevel level) {
    const auto found = std::find_if(kLevels.begin(), kLevels.end(),
                                    [level](const auto& entry) { return entry.first == level; });
    assert(found != kLevels.end());
    return found->second;
}

Log::Log(Options options, Clock clock) : options_{options}, clock_{std::move(clock)} {}

void Log::hide(std::string secret) {
    if (secret.size() < kSecretBytesMin) return;
    const auto at = std::find_if(secrets_.begin(), secrets_.end(),
                                 [&secret](const auto& known) { return known.size() < secret.size(); });
    secrets_.insert(at, std::move(secret));
}

std::string Log::redacted(std::string_view text) const {
    std::string result{text};
    for (const std::string& secret : secrets_) {
        for (auto at = result.find(secret); at != std::string::npos; at = result.find(secret, at))
            result.replace(at, secret.size(), "***");
    }
    return result;
}

bool Log::send(LogLevel level, std::string_view event, std::string_view message,
               std::span<const LogField> fields) const {
    if (options_.send_entry == nullptr) return false;
    std::string text = escaped(redacted(message), false);
    shorten(text);
    std::vector<std::string> entry = {"MESSAGE=" + text, fmt::format("PRIORITY={}", static_cast<int>(level)),
                                      fmt::format("REELD_EVENT={}", event)};
    for (const LogField& field : fields)
        entry.push_back(fmt::format("{}={}", entry_name(field.name), redacted(field.value)));
    return options_.send_entry(entry);
}

void Log::write(LogLevel level, std::string_view event, std::string_view message,
                std::span<const LogField> fields) {
    if (level > options_.least) return;
    if (options_.form == Form::systemd && send(level, event, message, fields)) return;
    std::string line = options_.form == Form::systemd
                           ? fmt::format("<{}>", static_cast<int>(level))
                           : fmt::format("{} {} ", timestamp(clock_()), to_word(level));
    line += fmt::format("{}: {}", event, escaped(redacted(message), false));
    for (const LogField& field : fields)
        line += fmt::format(" {}={}", field.name, as_value(redacted(field.value)));
    shorten(line);
    line += '\n';
    write_line(options_.fd, line);
}

Log::Form log_form_for(int fd, const char* journal_stream) {
    struct stat status {};
    if (journal_stream == nullptr || ::fstat(fd, &status) != 0) return Log::Form::plain;
    const std::string ours = fmt::format("{}:{}", status.st_dev, status.st_ino);
    return ours == journal_stream ? Log::Form::systemd : Log::Form::plain;
}

} // namespace reeld
