#include "daemon/output/line_file.h"

#include "daemon/output/files.h"
#include "jobs/manifest/line_index.h"

#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace reeld {
namespace {

/// How much of the file is read at a time: large enough that system calls do not count.
constexpr std::size_t kReadBytes = std::size_t{256} << 10;

/// A longer line is not ours (an input is at most a storyboard, 64 MiB by default, in JSON) and is not held
/// in memory.
constexpr std::size_t kLineBytesMax = std::size_t{128} << 20;

std::size_t hash_of(std::string_view line) {
    return std::hash<std::string_view>{}(line);
}

/// Takes a file's bytes in pieces, and knows where its last good line ends.
class LineScan {
public:
    explicit LineScan(std::unordered_map<std::uint32_t, std::size_t>& last_lines) : last_lines_(last_lines) {}

    void take(std::string_view bytes) {
        for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            keep(bytes.substr(0, end));
            end_line();
            bytes.remove_prefix(end + 1);
        }
        keep(bytes);
    }

    /// Where the last line begins when it is torn, else where the file ends.
    [[nodiscard]] std::uint64_t good_bytes() const {
        return line_bytes_ > 0 || last_is_object_ ? line_begin_ : last_begin_;
    }

private:
    void keep(std::string_view piece) {
        line_bytes_ += piece.size();
        if (line_bytes_ <= kLineBytesMax) line_ += piece;
    }

    void end_line() {
        const LineIndex read = line_bytes_ <= kLineBytesMax ? read_line_index(line_) : LineIndex{};
        if (read.index) last_lines_[*read.index] = hash_of(line_);
        last_is_object_ = read.is_object;
        last_begin_ = line_begin_;
        line_begin_ += line_bytes_ + 1;
        line_bytes_ = 0;
        line_.clear();
    }

    std::unordered_map<std::uint32_t, std::size_t>& last_lines_;
    std::string line_;
    std::size_t line_bytes_ = 0;   ///< Of the line at hand, so far.
    std::uint64_t line_begin_ = 0; ///< Where the line at hand begins: where the last whole line ended.
    std::uint64_t last_begin_ = 0; ///< Where the last whole line began.
    bool last_is_object_ = true;   ///< Whether the last whole line is one of ours.
};

} // namespace

std::optional<std::string> LineFile::open(const std::filesystem::path& path) {
    assert(!dirty());
    path_ = path;
    return reopen();
}

std::optional<std::string> LineFile::reopen() {
    fd_ = Fd{::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)};
    if (!fd_) return cannot("open", path_, errno);
    struct stat status {};
    if (::fstat(fd_.get(), &status) == 0) device_ = status.st_dev;
    auto error = learn();
    if (!error) error = cut_back();
    // Its lines may come from a program that was killed before it synced them; from now on they count.
    if (!error && good_bytes_ > 0 && ::fdatasync(fd_.get()) != 0) error = cannot("sync", path_, errno);
    // The name must be as durable as the lines under it.
    if (!error) error = sync_folder(path_.has_parent_path() ? path_.parent_path() : ".");
    if (error) fd_.reset();
    return error;
}

std::optional<std::string> LineFile::learn() {
    LastLines found;
    LineScan scan(found);
    std::vector<char> buffer(kReadBytes);
    std::uint64_t size_bytes = 0;
    for (;;) {
        const ssize_t got = ::pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(size_bytes));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot("read", path_, errno);
        if (got == 0) break;
        scan.take({buffer.data(), static_cast<std::size_t>(got)});
        size_bytes += static_cast<std::uint64_t>(got);
    }
    in_file_ = std::move(found);
    good_bytes_ = scan.good_bytes();
    torn_ = size_bytes != good_bytes_;
    return std::nullopt;
}

std::optional<std::string> LineFile::cut_back() {
    if (!torn_) return std::nullopt;
    if (::ftruncate(fd_.get(), static_cast<off_t>(good_bytes_)) != 0) return cannot("shorten", path_, errno);
    torn_ = false;
    return std::nullopt;
}

bool LineFile::has(std::uint32_t index) const {
    return in_file_.contains(index) || in_pending_.contains(index);
}

bool LineFile::ends_with(std::uint32_t index, std::string_view line) const {
    const auto pending = in_pending_.find(index);
    if (pending != in_pending_.end()) return pending->second == hash_of(line);
    const auto there = in_file_.find(index);
    return there != in_file_.end() && there->second == hash_of(line);
}

void LineFile::add(std::uint32_t index, std::string_view line) {
    assert(!path_.empty() && !ends_with(index, line));
    in_pending_[index] = hash_of(line);
    pending_ += line;
    pending_ += '\n';
}

bool LineFile::lost_folder() const {
    struct stat status {};
    const auto folder = path_.parent_path();
    if (::stat(folder.c_str(), &status) == 0 || errno != ENOENT) return false;
    return ::stat(folder.parent_path().c_str(), &status) == 0 && status.st_dev == device_;
}

std::optional<std::string> LineFile::sync() {
    if (pending_.empty()) return std::nullopt;
    if (auto error = fd_ ? cut_back() : std::nullopt) return error;
    if (!fd_ || !is_undisturbed()) {
        if (auto error = reopen()) return error;
    }
    torn_ = true;
    std::optional<std::string> error;
    if (const int code = write_fully(fd_.get(), pending_, good_bytes_)) {
        error = cannot("write", path_, code);
    } else if (::fdatasync(fd_.get()) != 0) {
        error = cannot("sync", path_, errno);
    }
    if (error) {
        // Should this fail as well, torn_ stays set and the next sync() begins with it.
        static_cast<void>(cut_back());
        return error;
    }
    torn_ = false;
    good_bytes_ += pending_.size();
    pending_.clear();
    in_pending_.merge(in_file_); // Of a shot that is in both, the line that was added is the last.
    in_file_ = std::exchange(in_pending_, {});
    return std::nullopt;
}

bool LineFile::is_undisturbed() const {
    struct stat ours {};
    struct stat there {};
    return ::fstat(fd_.get(), &ours) == 0 && ::stat(path_.c_str(), &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino &&
           static_cast<std::uint64_t>(there.st_size) == good_bytes_;
}

} // namespace reeld
