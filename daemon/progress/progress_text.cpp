#include "daemon/progress/progress_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace reeld {

namespace {

constexpr const char* kDim = "\x1b[2m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kPlain = "\x1b[0m";

/// Lines below those of the shots: a provider's long complaint does not push them out of sight.
constexpr std::size_t kFooterLinesMax = 8;

std::string coloured(const char* colour, const std::string& text, const TextStyle& style) {
    return style.colour ? colour + text + kPlain : text;
}

/// The text cut to `columns`; names are ASCII by the storyboard's rules, so a byte is a column.
std::string cut(std::string text, std::size_t columns) {
    if (text.size() > columns) text.resize(columns);
    return text;
}

std::string active_line(const ActiveLine& line, std::size_t name_width, const TextStyle& style) {
    std::string doing = std::string(to_word(line.state));
    std::string time = short_time(line.age);
    if (line.state == ShotState::rendering && line.expected)
        time += " of about " + short_time(*line.expected);
    if (line.attempt > 1) time += fmt::format(" · attempt {}", line.attempt);
    const auto text = cut(fmt::format("  {:<{}}  {:<9}  ", line.name, name_width, doing), style.columns);
    const char* colour = line.state == ShotState::held ? kYellow : kDim;
    // The middle dot takes two bytes and one column: cutting by bytes errs on the short side.
    return text + coloured(colour, cut(time, style.columns - std::min(style.columns, text.size())), style);
}

std::string bar(const ProgressView& view, const TextStyle& style) {
    const std::size_t width = std::clamp<std::size_t>(style.columns, 20, 100) - 4;
    const std::uint64_t total = std::max<std::uint32_t>(1, view.total);
    const auto share = [&](std::uint64_t count) {
        return static_cast<std::size_t>(count * width / total);
    };
    const std::size_t done = share(view.succeeded);
    const std::size_t ended = std::max(done, share(std::uint64_t{view.succeeded} + view.failed));
    const std::size_t active = std::min(width - ended, share(view.active.size()));
    return "  [" + coloured(kGreen, std::string(done, '#'), style) +
           coloured(kRed, std::string(ended - done, 'x'), style) +
           coloured(kDim, std::string(active, '-') + std::string(width - ended - active, ' '), style) + "]";
}

std::vector<std::string> counts(const ProgressView& view) {
    std::string done = fmt::format("{} of {} done", view.succeeded, view.total);
    if (view.failed > 0) done += fmt::format(", {} failed", view.failed);
    if (view.held > 0) done += fmt::format(", {} held", view.held);
    std::string time = fmt::format("{} elapsed", short_time(view.elapsed));
    if (view.remaining) time += fmt::format(", about {} left", short_time(*view.remaining));
    return {std::move(done), fmt::format("slots {}/{}", view.slots_taken, view.slots),
            fmt::format("creates left {}/{}", view.tokens, view.tokens_max), std::move(time)};
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream in(text);
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

/// The pieces with `gap` between them, on as many lines as they need; a piece that no line holds is cut.
std::vector<std::string> wrapped(const std::vector<std::string>& pieces, const std::string& gap,
                                 std::size_t columns) {
    std::vector<std::string> lines;
    for (const auto& piece : pieces) {
        if (!lines.empty() && lines.back().size() + gap.size() + piece.size() <= columns) {
            lines.back() += gap + piece;
        } else {
            lines.push_back("  " + piece);
        }
    }
    for (auto& line : lines) line = cut(line, columns);
    return lines;
}

/// What stands below the shots.
std::vector<std::string> footer(const ProgressView& view, const TextStyle& style) {
    std::vector<std::string> lines = {bar(view, style)};
    for (auto& line : wrapped(counts(view), "   ", style.columns)) lines.push_back(std::move(line));
    for (const auto& line : wrapped(words_of(view.waiting), " ", style.columns)) {
        if (lines.size() < kFooterLinesMax) lines.push_back(coloured(kYellow, line, style));
    }
    return lines;
}

} // namespace

std::string short_time(Duration duration) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    if (seconds < 60) return fmt::format("{} s", std::max<std::int64_t>(0, seconds));
    if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::vector<std::string> progress_lines(const ProgressView& view, const TextStyle& style) {
    std::vector<std::string> lines;
    const auto below = footer(view, style);
    // The line that the cursor stands on, and the one that counts what has no room.
    const std::size_t besides = below.size() + 2;
    const std::size_t room = style.rows > besides ? style.rows - besides : 1;
    const std::size_t shown = std::min(view.active.size(), room);
    std::size_t name_width = 0;
    for (std::size_t i = 0; i < shown; ++i) name_width = std::max(name_width, view.active[i].name.size());
    for (std::size_t i = 0; i < shown; ++i) lines.push_back(active_line(view.active[i], name_width, style));
    if (shown < view.active.size()) lines.push_back(fmt::format("  and {} more", view.active.size() - shown));
    lines.insert(lines.end(), below.begin(), below.end());
    return lines;
}

} // namespace reeld
