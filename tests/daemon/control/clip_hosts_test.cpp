#include "daemon/control/clip_hosts.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

namespace {

Event succeeded(std::vector<std::string> urls) {
    Event event;
    event.fact = event::PredictionSucceeded{.shot = {}, .rendered = {.urls = std::move(urls)}};
    return event;
}

} // namespace

TEST_CASE("a clip's host is its scheme, its name and its port") {
    CHECK(clip_host("https://cdn.example.org/a/b.mp4?x=y#z") == "https://cdn.example.org");
    CHECK(clip_host("HTTPS://CDN.Example.org") == "https://cdn.example.org");
    CHECK(clip_host("http://127.0.0.1:41234/media/1.mp4") == "http://127.0.0.1:41234");
    CHECK(clip_host("https://a.b?c") == "https://a.b");
}

TEST_CASE("what could break out of a policy is no clip's host") {
    for (const char* url : {"",
                            "a.mp4",
                            "//cdn.test/a",
                            "ftp://cdn.test/a",
                            "javascript:alert(1)",
                            "data:video/mp4;base64,AA",
                            "https://",
                            "https:///a",
                            "https://:1/",
                            "https://a b/",
                            "https://a;script-src *",
                            "https://*",
                            "https://*.test/",
                            "https://a,b/",
                            "https://'unsafe-inline'/",
                            "https://a\r\nX: y/",
                            "https://[::1]/",
                            "https://user@cdn.test/",
                            "https://cdn.test:0/",
                            "https://cdn.test:/",
                            "https://cdn.test:65536/",
                            "https://cdn.test:1x/",
                            "https://a:1:2/",
                            "https://c\xc3\xa9/",
                            "https://a\\b/",
                            "blob:https://a/b"}) {
        CAPTURE(url);
        CHECK_FALSE(clip_host(url));
    }
    CHECK_FALSE(clip_host("https://" + std::string(254, 'a')));
}

TEST_CASE("no clip leads the browser of whoever looks to a neighbour") {
    ClipHosts hosts("https://api.test/v1");
    for (const char* url : {"http://cdn.test/a.mp4",
                            "http://127.0.0.1:8787/a",
                            "http://localhost:631/a",
                            "http://192.168.0.1/reboot",
                            "http://router/reboot",
                            "http://169.254.169.254/latest/",
                            "http://printer.local/a",
                            "https://127.0.0.1/a",
                            "https://127.1/a",
                            "https://2130706433/a",
                            "https://0x7f000001/a",
                            "https://0177.0.0.1/a",
                            "https://10.0.0.1/a",
                            "https://192.168.0.1:8443/a",
                            "https://169.254.169.254/a",
                            "https://0.0.0.0/a",
                            "https://100.64.0.1/a",
                            "https://localhost/a",
                            "https://localhost./a",
                            "https://a.localhost/a",
                            "https://router/a",
                            "https://printer.local/a",
                            "https://metadata.internal/a",
                            "https://127.0.0.1./a",
                            "https://cdn.test./a",
                            "https://a.0x7f/a",
                            "http://api.test/a",
                            "https://api.test:8443.evil/",
                            "https://u:p@cdn.test/a",
                            "https://m\xc3\xbcnchen.test/a"}) {
        CAPTURE(url);
        hosts.note(succeeded({url}));
        CHECK(hosts.directive() == "media-src 'self'");
    }
    hosts.note(succeeded({"https://8.8.8.8/a", "https://xn--mnchen-3ya.test:8443/a"}));
    CHECK(hosts.directive() == "media-src 'self' https://xn--mnchen-3ya.test:8443 https://8.8.8.8");
}

TEST_CASE("clips may come from the provider's own host, though it is this machine, and from no other port") {
    ClipHosts hosts("http://127.0.0.1:4000/v1");
    hosts.note(succeeded({"http://127.0.0.1:4001/a", "http://localhost:4000/a", "https://127.0.0.1:4000/a",
                          "http://127.0.0.1/a"}));
    CHECK(hosts.directive() == "media-src 'self'");
    hosts.note(succeeded({"http://127.0.0.1:4000/media/a.mp4"}));
    CHECK(hosts.directive() == "media-src 'self' http://127.0.0.1:4000");
}

TEST_CASE("the policy names the hosts of clips, the latest first, each once, and a bounded number") {
    ClipHosts hosts("https://api.test/v1");
    CHECK(hosts.directive() == "media-src 'self'");
    hosts.note(succeeded({"https://a.test/1.mp4", "https://b.test/2.mp4", "; script-src *"}));
    hosts.note(succeeded({"https://a.test/3.mp4"}));
    CHECK(hosts.directive() == "media-src 'self' https://a.test https://b.test");
    for (std::size_t host = 0; host < 2 * ClipHosts::hosts_max; ++host)
        hosts.note(succeeded({fmt::format("https://h{}.test/", host)}));
    const std::string text = hosts.directive();
    CHECK(static_cast<std::size_t>(std::ranges::count(text, ' ')) == 1 + ClipHosts::hosts_max);
    CHECK(text.starts_with("media-src 'self' https://h31.test https://h30.test "));
}

} // namespace reeld::test
