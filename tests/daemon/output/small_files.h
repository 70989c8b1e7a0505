/// A process that may not write files beyond a size: the way to a write that fails half-way which needs no
/// privilege and no mount.
#pragma once

#include <csignal>
#include <sys/resource.h>

namespace reeld::test {

/// While it lives, a write beyond `bytes` of any file is cut short, and the next fails with EFBIG.
class SmallFiles {
public:
    explicit SmallFiles(rlim_t bytes) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &old_limit_);
        const rlimit limit{bytes, old_limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SmallFiles() {
        ::setrlimit(RLIMIT_FSIZE, &old_limit_);
        ::signal(SIGXFSZ, old_handler_);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

private:
    rlimit old_limit_{};
    void (*old_handler_)(int);
};

} // namespace reeld::test
