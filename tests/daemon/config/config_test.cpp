#include "daemon/config/config.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace reeld;
using namespace std::chrono_literals;

namespace {

/// "line:column: message" of the one fault of a text.
std::string fault_of(std::string_view text) {
    CAPTURE(text);
    const ConfigRead read = read_config(text);
    REQUIRE(read.faults.size() == 1);
    CHECK(read.faults[0].severity == Severity::error);
    const Fault& fault = read.faults[0];
    return std::to_string(fault.place.line) + ':' + std::to_string(fault.place.column) + ": " + fault.message;
}

} // namespace

TEST_CASE("a configuration without any key has the defaults") {
    for (const std::string_view text :
         {"", "\n", "# nothing\n", "{}", "---\n", "limits:\n", "limits: { per: }\n"}) {
        CAPTURE(text);
        const ConfigRead read = read_config(text);
        CHECK(read.faults.empty());
        CHECK(read.config.limits.creates == 100);
        CHECK(read.config.limits.per == Duration{60s});
    }
}

TEST_CASE("every value goes to its place") {
    const ConfigRead read = read_config(R"(
api: { base_url: "http://127.0.0.1:8080/v1/", key_file: /k, auth: bearer, connect_timeout: 1s,
       create_timeout: 2s, poll_timeout: 3s, answer_bytes: 2MiB }
limits: { creates: 2, per: 10s, concurrent: 3 }
watch: in
scan: 5s
output: out
state: st
retries: { attempts: 5, backoff: 1s, backoff_max: 9s }
polling: { first: 4s, min: 2s, max: 20s, give_up: 2h }
webhook: { public_url: https://example.org/hooks/, listen: "[::1]:8788" }
hours: mon-fri 22:00-06:00 Europe/Istanbul
on_unresolved: retry
settle: 1m
http: { listen: "[::1]:8787", hosts: [reeld.test, nas] }
on_batch_end: [/bin/notify, --to, "the studio"]
on_batch_end_timeout: 5s
storyboard: { bytes: 1MiB, shots: 10, nesting: 8, memory: 256MiB, cpu: 5s, time: 6s }
)");
    REQUIRE(read.faults.empty());
    const Config& c = read.config;
    CHECK(c.api.base_url == "http://127.0.0.1:8080/v1");
    CHECK(c.api.key_file == "/k");
    CHECK(c.api.auth == eachlabs::Auth::bearer);
    CHECK(c.api.connect_timeout == Duration{1s});
    CHECK(c.api.create_timeout == Duration{2s});
    CHECK(c.api.poll_timeout == Duration{3s});
    CHECK(c.api.answer_bytes_max == std::uint64_t{2} << 20);
    CHECK(c.webhook.public_url == "https://example.org/hooks");
    CHECK(c.webhook.listen == ListenAddress{.address = "::1", .port = 8788});
    CHECK(c.limits.creates == 2);
    CHECK(c.limits.per == Duration{10s});
    CHECK(c.limits.concurrent == 3);
    CHECK(c.watch == "in");
    CHECK(c.scan_interval == Duration{5s});
    CHECK(c.output == "out");
    CHECK(c.state == "st");
    CHECK(c.retries.attempts == 5);
    CHECK(c.retries.backoff == Duration{1s});
    CHECK(c.retries.backoff_max == Duration{9s});
    CHECK(c.polling.first == Duration{4s});
    CHECK(c.polling.min == Duration{2s});
    CHECK(c.polling.max == Duration{20s});
    CHECK(c.polling.give_up == Duration{2h});
    CHECK(c.on_unresolved == Config::OnUnresolved::retry);
    CHECK(c.settle == Duration{1min});
    CHECK(c.http.listen == ListenAddress{.address = "::1", .port = 8787});
    CHECK(c.http.hosts == std::vector<std::string>{"reeld.test", "nas"});
    CHECK(c.on_batch_end == std::vector<std::string>{"/bin/notify", "--to", "the studio"});
    CHECK(c.on_batch_end_timeout == Duration{5s});
    CHECK(c.storyboard.bytes_max == std::uint64_t{1} << 20);
    CHECK(c.storyboard.shots_max == 10);
    CHECK(c.storyboard.nesting_max == 8);
    CHECK(c.storyboard.memory_bytes_max == std::uint64_t{256} << 20);
    CHECK(c.storyboard.cpu_max == Duration{5s});
    CHECK(c.storyboard.time_max == Duration{6s});
}

TEST_CASE("an unknown key is told with its place and the nearest one that exists") {
    CHECK(fault_of("limit: { creates: 5 }") == R"(1:1: unknown key "limit" (did you mean limits?))");
    CHECK(fault_of("limits:\n  creats: 5\n") ==
          R"(2:3: unknown key "creats" in "limits" (did you mean creates?))");
    CHECK(fault_of("wach: /x") == R"(1:1: unknown key "wach" (did you mean watch?))");
    CHECK(fault_of("retries: { zzzzzz: 1 }") ==
          R"(1:12: unknown key "zzzzzz" in "retries" (known are attempts, backoff, backoff_max))");
}

TEST_CASE("a key in the wrong place is told the right one") {
    CHECK(fault_of("creates: 5") == R"(1:1: unknown key "creates" (it belongs into "limits"))");
    CHECK(fault_of("api: { watch: /x }") ==
          R"(1:8: unknown key "watch" in "api" (it stands at the top, in no section))");
    CHECK(fault_of("limits.creates: 5").starts_with(R"(1:1: unknown key "limits.creates")"));
}

TEST_CASE("a value is told with its key, its place and the forms that are right") {
    CHECK(fault_of("limits:\n  per: fast\n") ==
          R"(2:8: limits.per must be a duration of 1ms to 24h, such as 500ms, 60s, 2m or 1h; got "fast")");
    CHECK(fault_of("watch: [a, b]") ==
          "1:8: watch takes one value: a path, written out (~ and $HOME are not replaced)");
    CHECK(
        fault_of("on_batch_end: { run: /x }").starts_with("1:15: on_batch_end takes a list or one value: "));
    CHECK(fault_of("on_batch_end: [/x, [y]]").starts_with("1:15: on_batch_end must be the absolute path"));
    CHECK(fault_of("http: { listen: 8787 }").starts_with("1:17: http.listen must be a numeric address"));
    CHECK(fault_of("limits: 5") == R"(1:9: "limits" must be a mapping of keys and values, key: value)");
    CHECK(fault_of("- limits") == "1:1: a configuration must be a mapping of keys and values, key: value");
    CHECK(fault_of("just words") == "1:1: a configuration must be a mapping of keys and values, key: value");
    CHECK(fault_of("api: { base_url: http://api.eachlabs.ai/v1 }")
              .starts_with("1:18: api.base_url must be https"));
}

TEST_CASE("hours are told what is wrong with them, their zone included") {
    CHECK(fault_of("hours: at night").find("hours must be hours such as 22:00-06:00") != std::string::npos);
    CHECK(
        fault_of("hours: 22:00-06:00 Europe/Istambul") ==
        "1:8: hours names the time zone \"Europe/Istambul\", which this machine does not know (did you mean "
        "Europe/Istanbul?)");
}

TEST_CASE("a key or a password in the wrong place is repeated nowhere") {
    for (const std::string_view text :
         {"api: { base_url: 'https://u:sesame@x.test' }", "api:\n  key: sesame\n", "API_KEY: sesame",
          "api: { auth: Bearer sesame }", "api: { key_file: sesame }", "token: [sesame",
          "authorization: 'sesame"}) {
        CAPTURE(text);
        const ConfigRead read = read_config(text);
        REQUIRE_FALSE(read.faults.empty());
        for (const Fault& fault : read.faults) {
            CHECK(fault.message.find("sesame") == std::string::npos);
            CHECK(fault.excerpt.find("sesame") == std::string::npos);
        }
    }
}

TEST_CASE("what looks like a key is repeated nowhere, wherever it stands") {
    const std::string key = "el-7f3Kq29ZbTw0_xYd81";
    for (const std::string& text :
         {"api:\n  key_file:\n    - " + key, "api:\n  " + key, key + ": 1", "watch: [" + key + "]",
          "api:\n  base_url: ftp://api.test/?k=" + key, "limits: { creates: " + key + " }"}) {
        CAPTURE(text);
        const ConfigRead read = read_config(text);
        REQUIRE_FALSE(read.faults.empty());
        for (const Fault& fault : read.faults) {
            CHECK(fault.message.find(key) == std::string::npos);
            CHECK(fault.excerpt.find(key) == std::string::npos);
        }
    }
}

TEST_CASE("settings that contradict each other are told at the later one that was given") {
    CHECK(fault_of("polling: { min: 20s }") ==
          "1:17: polling.min (20s) must not be longer than polling.max (15s): change one of them");
    CHECK(fault_of("polling: { min: 3s, max: 2s }") ==
          "1:26: polling.min (3s) must not be longer than polling.max (2s): change one of them");
    CHECK(fault_of("retries: { backoff: 5m }") ==
          "1:21: retries.backoff (5m) must not be longer than retries.backoff_max (2m): change one of them");
    CHECK(fault_of("polling: { give_up: 5s }") ==
          "1:21: polling.max (15s) must not be longer than polling.give_up (5s): change one of them");
}

TEST_CASE("webhooks need both of their settings, and are told which one is missing, and once") {
    CHECK(fault_of("webhook: { public_url: https://x.test/hooks }\n") ==
          "1:24: webhook.public_url needs webhook.listen beside it");
    CHECK(fault_of("webhook: { listen: 127.0.0.1:8788 }\n") ==
          "1:20: webhook.listen needs webhook.public_url beside it");
    CHECK(fault_of("webhook: { public_url: https://x.test/hooks, listen: 8788 }\n") ==
          "1:54: webhook.listen must be a numeric address and a port, such as 127.0.0.1:8788 or [::1]:8788; "
          "got \"8788\"");
    CHECK(read_config("webhook:\n").faults.empty());
}

TEST_CASE("all faults of a file come at once, in its order, each with its line and a caret") {
    const ConfigRead read = read_config("limits:\n  creates: 0\n  per: fast\nwach: /x\napi:\n  auth: none\n");
    REQUIRE(read.faults.size() == 4);
    const std::vector<Place> places = {{2, 12}, {3, 8}, {4, 1}, {6, 9}};
    for (std::size_t i = 0; i < places.size(); ++i) CHECK(read.faults[i].place == places[i]);
    CHECK(read.faults[1].excerpt == "  per: fast");
    CHECK(read.faults[1].caret == 7);
}

TEST_CASE("a duplicate key is refused, not silently dropped") {
    CHECK(fault_of("watch: /a\nwatch: /b\n").starts_with("2:1: "));
    CHECK(fault_of("limits: { per: 1s, per: 2s }").starts_with("1:20: "));
}

TEST_CASE("a second document is refused, not silently dropped") {
    CHECK(fault_of("watch: /a\n---\nwatch: /b\n").starts_with("2:1: "));
}

TEST_CASE("a hostile file is a fault and nothing worse") {
    std::string deep = "limits: ";
    deep.append(100'000, '[');
    std::string bomb = "a0: &a0 [x]\n";
    for (int i = 1; i < 30; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + "," + before + "]\n";
    }
    for (const std::string& text :
         {std::string{","}, std::string{"&a [*a]"}, std::string{"a: \"open"}, std::string{"\tx: 1"},
          std::string{"watch: \xff"}, std::string{"watch: a\0b", 10}, std::string{"!!python/object x"},
          std::string{"? [a]\n: b"}, deep, bomb, std::string(kConfigBytesMax + 1, '#')}) {
        CAPTURE(text.substr(0, 40));
        CHECK_FALSE(read_config(text).faults.empty());
    }
}

TEST_CASE("a byte order mark and the line ends of Windows do no harm") {
    const ConfigRead read = read_config("\xEF\xBB\xBFlimits:\r\n  creates: 7\r\n");
    CHECK(read.faults.empty());
    CHECK(read.config.limits.creates == 7);
}
