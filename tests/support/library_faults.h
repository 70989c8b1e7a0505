/// Faults of the operating system that no peer can cause. The test program has its own `getaddrinfo`,
/// `epoll_ctl`, `fsync` and `fdatasync`, which the dynamic linker prefers to the C library's; they pass
/// everything on, except what a test has asked to fail.
#pragma once

namespace reeld::test {

/// While this lives, looking up `slow_host` takes until it ends. One at a time.
class SlowLookup {
public:
    static constexpr const char* slow_host = "slow.invalid";

    SlowLookup();
    ~SlowLookup(); ///< Waits until every lookup has returned.
    SlowLookup(const SlowLookup&) = delete;
    SlowLookup& operator=(const SlowLookup&) = delete;

    /// Waits until a lookup has begun.
    void await_lookup();

private:
    int lookups_ = 0;
};

/// The next `count` descriptors that this thread wants to watch cannot be.
void fail_watches(int count);

/// The next `count` syncs by this thread fail, as on a disk that lost what was to be written.
void fail_syncs(int count);

} // namespace reeld::test
