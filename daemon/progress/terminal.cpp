#include "daemon/progress/terminal.h"

#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

namespace reeld {

namespace {

/// 0, or the error that kept the rest from being written.
int write_all(int fd, std::string_view rest) {
    while (!rest.empty()) {
        const ssize_t written = ::write(fd, rest.data(), rest.size());
        if (written < 0 && errno != EINTR) return errno;
        if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

} // namespace

bool Terminal::can_redraw() {
    const char* term = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

bool Terminal::wants_colour() {
    const char* refused = std::getenv("NO_COLOR");
    return can_redraw() && (refused == nullptr || *refused == '\0');
}

Terminal::Size Terminal::size() {
    winsize window{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0) return {};
    Size size{.columns = window.ws_col};
    if (window.ws_row > 0) size.rows = window.ws_row;
    return size;
}

void Terminal::draw(const std::vector<std::string>& lines) {
    // Up to the first drawn line, then each line anew, erasing what was longer; one write, so that nothing
    // flickers.
    std::string text;
    if (!drawn_.empty()) text += fmt::format("\x1b[{}A\r\x1b[J", drawn_.size());
    for (const auto& line : lines) text += line + "\x1b[K\n";
    drawn_ = lines;
    write_stderr(text);
}

void Terminal::print_above(const std::string& line) {
    const auto lines = drawn_;
    clear();
    write_stderr(line + "\n");
    draw(lines);
}

void write_stderr(const std::string& text) {
    static_cast<void>(write_all(STDERR_FILENO, text));
}

void write_stdout(const std::string& text) {
    StdoutBetweenDeeds out;
    out.write(text);
    out.check();
}

void StdoutBetweenDeeds::write(const std::string& text) {
    if (error_ == 0) error_ = write_all(STDOUT_FILENO, text);
}

void StdoutBetweenDeeds::check() const {
    if (error_ == 0 || error_ == EPIPE) return;
    throw std::system_error(error_, std::generic_category(), "cannot write to standard output");
}

} // namespace reeld
