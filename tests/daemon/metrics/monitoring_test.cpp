// What examples/monitoring names must exist: a metric that is renamed here would leave a dark panel there,
// and an alert that never fires.

#include "tests/daemon/metrics/scraped.h"
#include "tests/jobs/queue/driven_queue.h"
#include "tests/support/night.h"
#include "tests/support/places.h"

#include "daemon/metrics/metrics.h"

#include <array>
#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <regex>

namespace reeld::test {

namespace {

std::string monitoring(const std::string& file) {
    const std::string text = read_file(source_folder() + "/examples/monitoring/" + file);
    REQUIRE_FALSE(text.empty());
    return text;
}

/// All that a scrape can show, of a daemon that has rendered a shot.
Scraped everything() {
    Ledger ledger{{}};
    Metrics metrics{{.version = "1", .started_at = {}}};
    const auto tell = [&](Fact fact) {
        const Event event{.stamp = stamp_at(kStart), .fact = std::move(fact)};
        ledger.apply(event);
        metrics.happened(event, ledger);
    };
    tell(event::Started{});
    tell(event::BatchAccepted{.batch = {.key = 1, .name = "a", .models = {"kling"}, .shots = shots(1)}});
    tell(event::CreateIntended{.shot = {1, 0}, .attempt = 1, .request_id = "r", .provider_at = {}});
    tell(event::CreateAccepted{.shot = {1, 0}, .prediction = "p", .http_status = 200});
    tell(event::PredictionSucceeded{.shot = {1, 0}, .rendered = {.urls = {"https://x/a.mp4"}}});
    return scrape(metrics.text(ledger, {}, 0, kStart));
}

/// Names of metrics in a text, as PromQL writes them.
std::set<std::string> metrics_in(const std::string& text) {
    static const std::regex name("\\b(reeld|process)_[a-z_]+");
    std::set<std::string> names;
    for (std::sregex_iterator it(text.begin(), text.end(), name); it != std::sregex_iterator(); ++it)
        names.insert(it->str());
    return names;
}

/// Each {name="value"} of a label with a closed set of values, in `text`, that no series has.
std::set<std::string> values_that_no_series_has(std::string text, const Scraped& scraped) {
    std::erase(text, '\\'); // JSON's.
    static const std::regex matcher(
        "\\b(state|batch_state|reason|result|end|outcome|by|status)(!=|=~|=)\"([^\"]+)\"");
    std::string all;
    for (const auto& [series, value] : scraped.series) all += series + '\n';
    std::set<std::string> unknown;
    for (std::sregex_iterator it(text.begin(), text.end(), matcher); it != std::sregex_iterator(); ++it) {
        std::istringstream values((*it)[3].str());
        for (std::string value; std::getline(values, value, '|');) {
            const std::string label = (*it)[1].str() + "=\"" + value + '"';
            if (all.find('{' + label) == std::string::npos && all.find(',' + label) == std::string::npos)
                unknown.insert(label);
        }
    }
    return unknown;
}

} // namespace

TEST_CASE("every metric and every label value that the examples of monitoring name is there") {
    const Scraped scraped = everything();
    std::set<std::string> known;
    for (const auto& [series, value] : scraped.series) known.insert(name_of(series));
    for (const char* file : {"grafana-dashboard.json", "reeld.rules.yml"}) {
        CAPTURE(file);
        const std::string text = monitoring(file);
        const auto named = metrics_in(text);
        CHECK(named.size() > 8);
        for (const std::string& name : named) {
            CAPTURE(name);
            CHECK(known.contains(name));
        }
        CHECK(values_that_no_series_has(text, scraped) == std::set<std::string>{});
    }
}

TEST_CASE("every metric is shown on the dashboard") {
    const auto shown = metrics_in(monitoring("grafana-dashboard.json"));
    for (const auto& one : everything().types) {
        const auto& name = one.first;
        const auto& type = one.second;
        CAPTURE(name);
        CHECK(shown.contains(type == "histogram" ? name + "_bucket" : name));
    }
}

TEST_CASE("the dashboard is JSON, and its panels have numbers of their own and do not lie on each other") {
    rapidjson::Document dashboard;
    dashboard.Parse(monitoring("grafana-dashboard.json").c_str());
    REQUIRE_FALSE(dashboard.HasParseError());
    std::set<int> ids;
    std::set<std::pair<int, int>> cells;
    for (const auto& panel : dashboard["panels"].GetArray()) {
        CAPTURE(std::string(panel["title"].GetString()));
        CHECK(ids.insert(panel["id"].GetInt()).second);
        const auto& place = panel["gridPos"];
        CHECK(place["x"].GetInt() + place["w"].GetInt() <= 24);
        bool free = true;
        for (int x = 0; x < place["w"].GetInt(); ++x)
            for (int y = 0; y < place["h"].GetInt(); ++y)
                free = cells.emplace(place["x"].GetInt() + x, place["y"].GetInt() + y).second && free;
        CHECK(free);
    }
    CHECK(ids.size() > 20);
}

TEST_CASE("there is an alert for each trouble that the README promises one for") {
    const std::string rules = monitoring("reeld.rules.yml");
    for (const char* alert : {"ReeldDown", "ReeldNightNotFinishing", "ReeldNothingEnds", "ReeldSuspended",
                              "ReeldProviderUnreachable", "ReeldShotsHeld", "ReeldProviderFailing",
                              "ReeldJournalStalled", "ReeldLimiterIdle"}) {
        CAPTURE(alert);
        CHECK(rules.find(std::string("- alert: ") + alert + "\n") != std::string::npos);
    }
}

} // namespace reeld::test
