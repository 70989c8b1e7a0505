/// The log of a daemon: one line on standard error for each event, for people and for `grep`.
///
///     2026-11-23T01:02:03.004Z info shot_succeeded: teaser/sunrise succeeded after 158 s batch=teaser
///
/// Under systemd an entry goes to the journal with its values as fields of their own: REELD_EVENT,
/// REELD_BATCH, REELD_SHOT, REELD_PREDICTION, … (`journalctl -u reeld REELD_BATCH=teaser`). Should the
/// journal not take it, a line is written that starts with the priority instead of a time and a level, since
/// the journal keeps both. In lines, values with blanks or quotes are quoted; whatever could end a line, or
/// move a terminal's cursor, is escaped, so that no text of a provider or a user can pass for a line of ours.
/// A secret that was given to hide() appears as "***", in messages and in values.
///
/// Not for the output of commands, and not for jobs/, which logs nothing.
/// Threading: the loop's. A line is one write(2), so that lines of other processes do not mix into it. A line
/// that cannot be written is lost: a daemon does not stop because nobody listens.
#pragma once

#include "jobs/queue/time.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// Most urgent first; the numbers are syslog's, which the journal reads.
enum class LogLevel : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// "error", "warning", "notice", "info", "debug"; nothing else.
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view word);
[[nodiscard]] std::string_view to_word(LogLevel level);

/// A named value of a line. Views: both must outlive the call that takes it.
struct LogField {
    std::string_view name; ///< Lower-case letters and '_': "shot", "predict_time_s".
    std::string_view value;
};

/// A line is cut after so many bytes; journald would split it at 48 KiB, people stop reading much earlier.
inline constexpr std::size_t kLogLineBytesMax = 8192;

/// Shorter secrets are not hidden: "***" in the place of every "a" would hide the log, not the secret.
inline constexpr std::size_t kSecretBytesMin = 4;

class Log {
public:
    enum class Form : std::uint8_t {
        plain,  ///< Time and level first.
        systemd ///< For journald: an entry, or a line with `<N>` first.
    };
    /// Hands an entry of fields "NAME=value" to the journal; false when that cannot be.
    using SendEntry = bool (*)(const std::vector<std::string>& fields);
    struct Options {
        int fd = 2; ///< Borrowed.
        Form form = Form::plain;
        LogLevel least = LogLevel::info; ///< Less urgent lines are dropped.
        SendEntry send_entry = nullptr;  ///< For the systemd form. Null: lines only.
    };
    using Clock = std::function<WallTime()>;

    /// `clock` is asked once per line, in the plain form only; the loop has it.
    Log(Options options, Clock clock);

    /// From now on, `secret` never appears in a line. Secrets shorter than kSecretBytesMin are ignored.
    void hide(std::string secret);

    using Fields = std::initializer_list<LogField>;

    /// Writes a line. `event` is the event's stable name ("shot_succeeded"), `message` one sentence.
    void write(LogLevel level, std::string_view event, std::string_view message, Fields fields = {}) {
        write(level, event, message, std::span(fields.begin(), fields.size()));
    }
    void write(LogLevel level, std::string_view event, std::string_view message,
               std::span<const LogField> fields);

    void error(std::string_view event, std::string_view message, Fields fields = {}) {
        write(LogLevel::error, event, message, fields);
    }
    void warning(std::string_view event, std::string_view message, Fields fields = {}) {
        write(LogLevel::warning, event, message, fields);
    }
    void notice(std::string_view event, std::string_view message, Fields fields = {}) {
        write(LogLevel::notice, event, message, fields);
    }
    void info(std::string_view event, std::string_view message, Fields fields = {}) {
        write(LogLevel::info, event, message, fields);
    }
    void debug(std::string_view event, std::string_view message, Fields fields = {}) {
        write(LogLevel::debug, event, message, fields);
    }

private:
    [[nodiscard]] bool send(LogLevel level, std::string_view event, std::string_view message,
                            std::span<const LogField> fields) const;
    [[nodiscard]] std::string redacted(std::string_view text) const;

    Options options_;
    Clock clock_;
    std::vector<std::string> secrets_; ///< Longest first, so that none leaves a part of another.
};

/// The form for a descriptor: systemd when it is connected to the journal, which is so when `journal_stream`,
/// the value of $JOURNAL_STREAM or null, names its device and inode (source: systemd.exec(5)).
[[nodiscard]] Log::Form log_form_for(int fd, const char* journal_stream);

} // namespace reeld
