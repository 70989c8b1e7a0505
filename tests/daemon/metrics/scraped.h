/// Reads Prometheus' text format back, as far as the tests need it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace reeld::test {

struct Scraped {
    /// Value by series: `reeld_polls_total{result="ended"}`, as the text writes it.
    std::map<std::string, double> series;
    std::map<std::string, std::string> types; ///< "counter", "gauge", "histogram" by name.
    std::map<std::string, std::string> helps;
};

/// Fails the test at a line that is none of the format.
[[nodiscard]] Scraped scrape(std::string_view text);

/// The name of a series without its labels.
[[nodiscard]] std::string name_of(std::string_view series);

} // namespace reeld::test
