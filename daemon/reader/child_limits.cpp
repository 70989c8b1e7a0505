#include "daemon/reader/child_limits.h"

#include "daemon/reader/reader_child.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace reeld {

namespace {

/// The child's five descriptors, and room for what the C library opens for itself.
constexpr rlim_t kOpenFilesMax = 16;

/// Lowers a limit; one that is lower already stays.
template <typename Resource>
void lower_limit(Resource resource, rlim_t soft, rlim_t hard) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0) return;
    limit.rlim_max = std::min(limit.rlim_max, hard);
    limit.rlim_cur = std::min(limit.rlim_max, soft);
    ::setrlimit(resource, &limit);
}

} // namespace

bool memory_limit_holds() {
#if defined(__SANITIZE_ADDRESS__)
    return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return false;
#else
    return true;
#endif
#else
    return true;
#endif
}

bool apply_child_limits(const ReadLimits& limits, int parent) {
    std::set_new_handler([] { ::_exit(static_cast<int>(ChildExit::no_memory)); });
    if (memory_limit_holds()) lower_limit(RLIMIT_AS, limits.memory_bytes_max, limits.memory_bytes_max);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits.cpu_max).count();
    const auto cpu = static_cast<rlim_t>(std::max<std::int64_t>(1, seconds));
    lower_limit(RLIMIT_CPU, cpu, cpu + 1); // SIGXCPU at the first, SIGKILL at the second.
    lower_limit(RLIMIT_CORE, 0, 0);
    lower_limit(RLIMIT_NOFILE, kOpenFilesMax, kOpenFilesMax);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return ::getppid() == parent; // It may have ended before it could be told.
}

} // namespace reeld
