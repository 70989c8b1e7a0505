/// What is wrong with a storyboard (or a configuration), and where.
///
/// A fault is a value: it names what is wrong, why, and what to do about it. It never holds more of a file
/// than a piece of one line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reeld {

/// A place in a text file. Lines and columns count from 1; columns count Unicode characters.
struct Place {
    std::uint32_t line = 0; ///< 0: the file as a whole.
    std::uint32_t column = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
};

enum class Severity : std::uint8_t { error, warning };

struct Fault {
    Severity severity = Severity::error;
    Place place;
    std::string message; ///< What is wrong and what to do about it; one line.
    /// The offending line as it stands in the file, shortened around the place; may be empty. Always UTF-8: a
    /// byte that is not is shown as U+FFFD.
    std::string excerpt;
    std::uint32_t caret = 0; ///< 0-based column of the caret within `excerpt`, in characters.

    friend bool operator==(const Fault&, const Fault&) = default;
};

/// Whether any of them is an error: then nothing of the file may be used.
[[nodiscard]] bool any_error(const std::vector<Fault>& faults);

/// `file:line:column: error: message`, then the excerpt and a caret under the place, each on a line of its
/// own, without a newline at the end. Control characters of the excerpt (and of the file's name) are shown
/// as `\xNN`, so that a hostile file cannot write to the terminal; a tab is shown as one space, and the
/// caret accounts for characters that are two columns wide. A fault without a line is `file: error:
/// message`.
[[nodiscard]] std::string render_fault(const std::string& file, const Fault& fault);

} // namespace reeld
