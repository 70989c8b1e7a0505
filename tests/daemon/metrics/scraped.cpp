#include "tests/daemon/metrics/scraped.h"

#include <doctest/doctest.h>

#include <sstream>

namespace reeld::test {

Scraped scrape(std::string_view text) {
    Scraped scraped;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        if (line.starts_with("# ")) {
            std::istringstream words(line.substr(2));
            std::string kind;
            std::string name;
            std::string rest;
            words >> kind >> name;
            std::getline(words >> std::ws, rest);
            REQUIRE((kind == "HELP" || kind == "TYPE"));
            CHECK((kind == "HELP" ? scraped.helps : scraped.types).emplace(name, rest).second);
            continue;
        }
        const std::size_t blank = line.rfind(' ');
        REQUIRE(blank != std::string::npos);
        CHECK(scraped.series.emplace(line.substr(0, blank), std::stod(line.substr(blank + 1))).second);
    }
    return scraped;
}

std::string name_of(std::string_view series) {
    return std::string(series.substr(0, series.find('{')));
}

} // namespace reeld::test
