#include "daemon/output/fd.h"
#include "daemon/reader/child_limits.h"
#include "daemon/reader/messages.h"
#include "daemon/reader/reader.h"
#include "daemon/reader/reader_child.h"
#include "daemon/reader/sha256.h"
#include "jobs/storyboard/byte_count.h"
#include "jobs/storyboard/storyboard_reader.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace reeld {

namespace {

constexpr std::size_t kCopyBytes = std::size_t{64} << 10;

/// Reads until the end, or until more than `bytes_max` bytes are there. Returns errno, or 0.
int read_all(int fd, std::uint64_t bytes_max, std::string& out) {
    while (out.size() <= bytes_max) {
        const std::size_t before = out.size();
        out.resize(before + kCopyBytes);
        const ssize_t count = ::read(fd, out.data() + before, kCopyBytes);
        const int error = count < 0 ? errno : 0;
        out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(0, count)));
        if (count == 0) return 0;
        if (error != 0 && error != EINTR) return error;
    }
    return 0;
}

/// Returns errno, or 0 when everything was written.
int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) return errno;
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

void add_error(ReadHeader& header, std::string message) {
    header.faults.push_back(
        {.severity = Severity::error, .place = {}, .message = std::move(message), .excerpt = {}});
}

void add_trouble(ReadHeader& header, std::string_view what, int error) {
    header.is_trouble = true;
    add_error(header, fmt::format("{}: {}", what, std::generic_category().message(error)));
}

/// The file's bytes; std::nullopt, with an error in the header, when they cannot be had or copied.
std::optional<std::string> take_file(const ChildRequest& request, ReadHeader& header) {
    std::string text;
    if (const int error = read_all(kFileFd, request.limits.bytes_max, text); error != 0) {
        add_trouble(header, "the file cannot be read", error);
        return std::nullopt;
    }
    if (text.size() > request.limits.bytes_max) {
        add_error(header, fmt::format("the file is larger than {} (storyboard.bytes): split it",
                                      bytes_in_words(request.limits.bytes_max)));
        return std::nullopt;
    }
    header.sha256 = sha256_hex(text);
    if (!request.copies) return text;
    int error = write_all(kCopyFd, text);
    if (error == 0 && ::fsync(kCopyFd) != 0) error = errno;
    if (error == 0) return text;
    add_trouble(header, "the file cannot be copied", error);
    return std::nullopt;
}

Catalog make_catalog(const ChildRequest& request, ReadHeader& header) {
    Catalog catalog;
    for (const auto& [slug, schema] : request.learned_models) {
        const std::optional<std::string> error = catalog.learn(slug, schema);
        if (!error) continue;
        header.faults.push_back({.severity = Severity::warning,
                                 .place = {},
                                 .message = fmt::format("the schema that the provider has for {} {}, so its "
                                                        "input is sent unchecked",
                                                        slug, *error),
                                 .excerpt = {}});
    }
    return catalog;
}

/// Reads the file; returns its shots, none when there are errors.
std::vector<StoryboardShot> read_file(const ChildRequest& request, ReadHeader& header) {
    const std::optional<std::string> text = take_file(request, header);
    if (!text) return {};
    const Catalog catalog = make_catalog(request, header);
    StoryboardRead read = read_storyboard(*text, request.default_name, catalog,
                                          storyboard_limits(request.limits), request.zones);
    header.name = std::move(read.storyboard.name);
    header.hours = std::move(read.storyboard.hours);
    header.shot_count = static_cast<std::uint32_t>(read.storyboard.shots.size());
    header.models = std::move(read.models);
    header.unknown_models = std::move(read.unknown_models);
    header.faults.insert(header.faults.end(), read.faults.begin(), read.faults.end());
    return std::move(read.storyboard.shots);
}

/// Sends everything, waiting whenever the pipe is full. A parent that has gone away ends this process by
/// SIGPIPE.
ChildExit answer(const ReadHeader& header, const std::vector<StoryboardShot>& shots) {
    std::string chunk = encode_header(header);
    for (const StoryboardShot& shot : shots) {
        if (chunk.size() >= kCopyBytes) {
            if (write_all(STDOUT_FILENO, chunk) != 0) return ChildExit::cannot_answer;
            chunk.clear();
        }
        chunk += encode_shot(shot);
    }
    return write_all(STDOUT_FILENO, chunk) == 0 ? ChildExit::good : ChildExit::cannot_answer;
}

} // namespace

int read_storyboard_main() {
    std::string message;
    const int error = read_all(STDIN_FILENO, kRequestBytesMax, message);
    const std::optional<ChildRequest> request = decode_request(message);
    if (error != 0 || !request || !apply_child_limits(request->limits, request->parent)) {
        return static_cast<int>(ChildExit::bad_request);
    }
    ReadHeader header;
    const std::vector<StoryboardShot> shots = read_file(*request, header);
    return static_cast<int>(answer(header, shots));
}

} // namespace reeld
