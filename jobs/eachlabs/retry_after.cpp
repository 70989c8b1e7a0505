#include "jobs/eachlabs/retry_after.h"

#include "jobs/eachlabs/http_date.h"
#include "jobs/text/blanks.h"

#include <algorithm>
#include <charconv>

namespace reeld::eachlabs {
namespace {

std::optional<Duration> read_seconds(std::string_view text) {
    const bool below_zero = text.starts_with('-');
    if (below_zero) text.remove_prefix(1);
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (end != text.data() + text.size()) return std::nullopt;
    if (below_zero) return Duration::zero();
    const std::chrono::duration<double> most = kRetryAfterMax;
    if (error == std::errc::result_out_of_range || seconds >= most.count()) return kRetryAfterMax;
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>{seconds});
}

} // namespace

std::optional<Duration> read_retry_after(std::string_view retry_after, std::string_view date) {
    const std::string_view text = trimmed(retry_after, " \t");
    if (const auto seconds = read_seconds(text)) return seconds;
    const auto until = read_http_date(text);
    const auto now = read_http_date(date);
    if (!until || !now) return std::nullopt;
    return std::clamp<Duration>(*until - *now, Duration::zero(), kRetryAfterMax);
}

} // namespace reeld::eachlabs
