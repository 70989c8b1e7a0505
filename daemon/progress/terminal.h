/// A terminal that a few lines at the bottom are redrawn on.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace reeld {

/// Standard error, as a person sees it. Writes nothing but what it is told; a closed terminal is ignored.
class Terminal {
public:
    /// Whether standard error is a terminal that can be redrawn (TERM is not "dumb").
    [[nodiscard]] static bool can_redraw();

    /// Whether colour is wanted: a terminal, and NO_COLOR is not set (https://no-color.org).
    [[nodiscard]] static bool wants_colour();

    struct Size {
        std::size_t columns = 80;
        std::size_t rows = 24;
    };
    [[nodiscard]] static Size size();

    /// Replaces the lines that were drawn last.
    void draw(const std::vector<std::string>& lines);

    /// Removes the lines that were drawn last.
    void clear() { draw({}); }

    /// Prints a line above what is drawn, for good.
    void print_above(const std::string& line);

private:
    std::vector<std::string> drawn_;
};

/// Writes to standard error, all of it, whatever signals come. A reader that went away is ignored.
void write_stderr(const std::string& text);

/// The same to standard output. Throws std::system_error when it cannot be written, such as on a full disk: a
/// program that reads half a text must not find exit code 0 beside it.
void write_stdout(const std::string& text);

/// Standard output between deeds, none of which may be left out because the text of another was not taken.
class StdoutBetweenDeeds {
public:
    void write(const std::string& text);

    /// To be called after the last deed. Throws as write_stdout() does if anything was not written.
    void check() const;

private:
    int error_ = 0; ///< The first.
};

} // namespace reeld
