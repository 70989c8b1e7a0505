#include "daemon/sandbox/provider_options.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace reeld::sandbox {

namespace {

/// Shares are typed as decimals, whose sum may miss 1 by a rounding error.
constexpr double kRounding = 1e-9;

bool is_share(double share) {
    return std::isfinite(share) && share >= 0 && share <= 1;
}

std::string complaint_about_limits(const ScheduleLimits& limits) {
    if (limits.creates < 1) return fmt::format("--creates {}: must be at least 1", limits.creates);
    if (limits.concurrent < 1) return fmt::format("--concurrent {}: must be at least 1", limits.concurrent);
    if (limits.per <= Duration::zero()) return "--per: must be longer than zero";
    return {};
}

std::string complaint_about_shares(const ProviderOptions& options) {
    for (const double share : options.fail) {
        if (!is_share(share)) return fmt::format("--fail …={}: a share lies between 0 and 1", share);
    }
    const double failing = std::accumulate(options.fail.begin(), options.fail.end(), 0.0);
    if (failing > 1 + kRounding) {
        return fmt::format("--fail: the shares add up to {:.4g}; at most all predictions (1) can fail",
                           failing);
    }
    for (const MisbehaviourWords& words : all_misbehaviours()) {
        const double share = options.misbehave.at(static_cast<std::size_t>(words.what));
        if (!is_share(share)) {
            return fmt::format("--misbehave {}={}: a probability lies between 0 and 1", words.name, share);
        }
    }
    for (const Operation on :
         {Operation::create, Operation::poll, Operation::list, Operation::cancel, Operation::webhook}) {
        const double share = share_of(options.misbehave, on);
        if (share > 1 + kRounding) {
            return fmt::format(
                "--misbehave: what can happen to a {} adds up to {:.4g}; it must be at most 1, "
                "since a request misbehaves in one way at a time",
                name_of(on), share);
        }
    }
    return {};
}

} // namespace

std::string complaint_about(const ProviderOptions& options) {
    if (std::string complaint = complaint_about_limits(options.limits); !complaint.empty()) return complaint;
    if (!std::isfinite(options.speed) || options.speed <= 0) {
        return fmt::format("--speed {}: must be above zero", options.speed);
    }
    if (!std::isfinite(options.spread) || options.spread < 0 || options.spread > 2) {
        return fmt::format("--spread {}: must lie between 0 and 2", options.spread);
    }
    if (options.time && *options.time <= Duration::zero()) return "--time: must be longer than zero";
    for (const ExtraModel& model : options.models) {
        if (model.slug.empty())
            return "--model: the slug is missing; write --model SLUG or --model SLUG=TIME";
        if (model.typical_time <= Duration::zero()) {
            return fmt::format("--model {}: its time must be longer than zero", model.slug);
        }
    }
    if (options.foreign > kForeignMax) {
        return fmt::format("--foreign {}: must be at most {}", options.foreign, kForeignMax);
    }
    return complaint_about_shares(options);
}

} // namespace reeld::sandbox
