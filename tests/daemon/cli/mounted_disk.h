/// A disk of 4 MiB that the program under test sees as well, to be filled and emptied.
#pragma once

#include <cerrno>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/mount.h>
#include <thread>
#include <utility>

namespace reeld::test {

/// Mounted at a folder, which is made. Only root can: see is_there().
class MountedDisk {
public:
    explicit MountedDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
        is_there_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=4m") == 0;
        if (!is_there_) MESSAGE("not tested: a disk of its own can only be mounted by root");
    }
    ~MountedDisk() {
        if (is_there_) ::umount2(folder_.c_str(), MNT_DETACH);
    }
    MountedDisk(const MountedDisk&) = delete;
    MountedDisk& operator=(const MountedDisk&) = delete;

    /// False: this is not root's machine, and the test ends here. It has said so.
    [[nodiscard]] bool is_there() const { return is_there_; }

    /// The child that read a storyboard may still be ending, with the copy open that it was given: the kernel
    /// is asked until it is gone.
    void read_only(bool on) const {
        constexpr int kTriesMax = 10'000'000; // Of some microseconds each.
        int tries = 0;
        while (::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | (on ? MS_RDONLY : 0), "size=4m") !=
               0) {
            REQUIRE(errno == EBUSY);
            REQUIRE(++tries < kTriesMax);
            std::this_thread::yield();
        }
    }

    /// Takes all the space that is left.
    void fill() const {
        std::ofstream(folder_ / "filler", std::ios::binary) << std::string(std::size_t{4} << 20, 'x');
    }

    /// Gives back what fill() took.
    void free() const { std::filesystem::remove(folder_ / "filler"); }

private:
    std::filesystem::path folder_;
    bool is_there_ = false;
};

} // namespace reeld::test
