#include "daemon/output/stepped_file.h"

#include "daemon/output/files.h"

#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace reeld {
namespace {

/// How much is written before the disk is asked to begin with it, so that finish() has little left to wait
/// for: a disk of 100 MB/s takes a step of this size in about ten milliseconds.
constexpr std::uint64_t kWriteBackBytes = std::uint64_t{1} << 20;

} // namespace

std::optional<std::string> SteppedFile::open(const std::filesystem::path& path) {
    discard();
    path_ = path;
    temporary_ = path.parent_path() / ("." + path.filename().native() + ".part");
    size_bytes_ = 0;
    handed_bytes_ = 0;
    // Removed rather than truncated: the left-over name may be a link to something else.
    if (::unlink(temporary_.c_str()) != 0 && errno != ENOENT) return cannot("replace", temporary_, errno);
    fd_ = Fd{::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (!fd_) return cannot("make", temporary_, errno);
    return std::nullopt;
}

std::optional<std::string> SteppedFile::write(std::string_view chunk) {
    assert(fd_);
    if (const int error = write_fully(fd_.get(), chunk, size_bytes_)) return cannot("write", path_, error);
    size_bytes_ += chunk.size();
    if (size_bytes_ - handed_bytes_ >= kWriteBackBytes) {
        // A hint: what becomes of the bytes is finish()'s to find out.
        ::sync_file_range(fd_.get(), static_cast<off_t>(handed_bytes_),
                          static_cast<off_t>(size_bytes_ - handed_bytes_), SYNC_FILE_RANGE_WRITE);
        handed_bytes_ = size_bytes_;
    }
    return std::nullopt;
}

std::optional<std::string> SteppedFile::finish() {
    assert(fd_);
    if (::fsync(fd_.get()) != 0) return cannot("sync", temporary_, errno);
    auto error = rename_durably(temporary_, path_);
    if (!error) fd_.reset();
    return error;
}

SteppedFile::~SteppedFile() {
    discard();
}

SteppedFile& SteppedFile::operator=(SteppedFile&& other) noexcept {
    if (this != &other) {
        discard();
        fd_ = std::move(other.fd_);
        path_ = std::move(other.path_);
        temporary_ = std::move(other.temporary_);
        size_bytes_ = other.size_bytes_;
        handed_bytes_ = other.handed_bytes_;
    }
    return *this;
}

void SteppedFile::discard() {
    if (!fd_) return;
    ::unlink(temporary_.c_str());
    fd_.reset();
}

} // namespace reeld
