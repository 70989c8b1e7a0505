#include "jobs/queue/backoff.h"

#include <algorithm>

namespace reeld {

std::uint64_t spread(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15U;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
    return number ^ (number >> 31);
}

Duration Backoff::after(int failures, std::uint64_t dice) const {
    // Halves the maximum rather than doubling the base: no base, however long, can overflow that way.
    constexpr int kDoublingsMax = 62;
    const int doublings = std::clamp(failures - 1, 0, kDoublingsMax);
    const bool beyond_max = base.count() > (max.count() >> doublings);
    const Duration full = beyond_max ? max : base * (std::int64_t{1} << doublings);
    const double share = static_cast<double>(spread(dice) >> 11) * 0x1.0p-53;
    return full - Duration{static_cast<std::int64_t>(static_cast<double>(full.count()) * 0.5 * share)};
}

} // namespace reeld
