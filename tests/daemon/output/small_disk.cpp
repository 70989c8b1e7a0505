#include "tests/daemon/output/small_disk.h"

#include "tests/daemon/output/file_text.h"

#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace reeld::test {
namespace {

/// The child's exit code when it cannot mount.
constexpr int kUnavailable = 77;

/// Whether this process now has mounts of its own. Without root that takes a user namespace, in which it is
/// its own root.
bool enter_namespace() {
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (user == 0) return ::unshare(CLONE_NEWNS) == 0;
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    put_text("/proc/self/setgroups", "deny");
    put_text("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
    put_text("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    return true;
}

bool mount_small_disk(const std::filesystem::path& folder, unsigned bytes) {
    const std::string size = "size=" + std::to_string(bytes);
    return enter_namespace() && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("small", folder.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

} // namespace

OnSmallDisk on_small_disk(const std::filesystem::path& folder, unsigned bytes,
                          const std::function<bool()>& scenario) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (!mount_small_disk(folder, bytes)) ::_exit(kUnavailable);
        ::_exit(scenario() ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return OnSmallDisk::broken;
    if (WEXITSTATUS(status) == kUnavailable) return OnSmallDisk::unavailable;
    return WEXITSTATUS(status) == 0 ? OnSmallDisk::held : OnSmallDisk::broken;
}

} // namespace reeld::test
