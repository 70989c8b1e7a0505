/// How the figures are taken and written down.
#pragma once

#include "daemon/loop/loop.h"
#include "tests/bench/figures.h"
#include "tests/support/night.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace reeld::bench {

/// Seconds since it was made.
class Stopwatch {
public:
    Stopwatch() : since_(loop_.now().at) {}
    [[nodiscard]] double seconds() const;

    /// Sleeps.
    void pause(Duration duration) { loop_.turn(duration); }

private:
    Loop loop_;
    Instant since_;
};

/// A figure with an upper bound, or a lower one. `format` is fmt's, with the unit: "{:.3f} s".
[[nodiscard]] Figure at_most(const std::string& name, double bound, double measured, const char* format);
[[nodiscard]] Figure at_least(const std::string& name, double bound, double measured, const char* format);

/// A number that nothing is asked of.
[[nodiscard]] Figure for_reading(const std::string& name, double measured, const char* format);

/// The number behind `name` in /proc/PID/status: kilobytes, where it is a size.
[[nodiscard]] double status_of(pid_t pid, const std::string& name);

/// Seconds of CPU that a program has taken so far.
[[nodiscard]] double cpu_of(pid_t pid);

/// A number of the sandbox's report; throws when it has none, since the night then had no end.
[[nodiscard]] double number_in(const rapidjson::Document& report, const char* name);

/// Creates that the sandbox refused, for any reason.
[[nodiscard]] double refused_in(const rapidjson::Document& report);

/// Throws with what the program said when it did not end with 0.
void require_success(const test::ProgramEnd& end);

[[nodiscard]] double median(std::vector<double> numbers);

} // namespace reeld::bench
