#include "tests/support/library_faults.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <netdb.h>
#include <semaphore>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// They outlive every SlowLookup, since a lookup's thread may still be leaving release() when it ends.
std::counting_semaphore<> lookups_begun{0};
std::counting_semaphore<> lookups_released{0};
std::counting_semaphore<> lookups_returned{0};
std::atomic<bool> lookups_are_slow{false};

thread_local int watches_to_fail = 0;
thread_local int syncs_to_fail = 0;

/// The return value of a sync that was asked for as system call `number`.
int sync_or_fail(long number, int fd) {
    if (syncs_to_fail == 0) return static_cast<int>(syscall(number, fd));
    --syncs_to_fail;
    errno = EIO;
    return -1;
}

} // namespace

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result) {
    using Lookup = int(const char*, const char*, const addrinfo*, addrinfo**);
    static Lookup* const real = reinterpret_cast<Lookup*>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (host != nullptr && std::strcmp(host, reeld::test::SlowLookup::slow_host) == 0) {
        if (lookups_are_slow) {
            lookups_begun.release();
            lookups_released.acquire();
            lookups_returned.release();
        }
        return EAI_NONAME;
    }
    return real(host, service, hints, result);
}

extern "C" int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
    if (operation == EPOLL_CTL_ADD && watches_to_fail > 0) {
        --watches_to_fail;
        errno = ENOSPC; // What a user's limit on watches gives.
        return -1;
    }
    return static_cast<int>(syscall(SYS_epoll_ctl, epoll, operation, fd, event));
}

extern "C" int fsync(int fd) {
    return sync_or_fail(SYS_fsync, fd);
}

extern "C" int fdatasync(int fd) {
    return sync_or_fail(SYS_fdatasync, fd);
}

namespace reeld::test {

SlowLookup::SlowLookup() {
    lookups_are_slow = true;
}

SlowLookup::~SlowLookup() {
    lookups_are_slow = false;
    lookups_released.release(lookups_);
    for (int i = 0; i < lookups_; ++i) lookups_returned.acquire();
}

void SlowLookup::await_lookup() {
    lookups_begun.acquire();
    ++lookups_;
}

void fail_watches(int count) {
    watches_to_fail = count;
}

void fail_syncs(int count) {
    syncs_to_fail = count;
}

} // namespace reeld::test
