// A stranger's page in a browser that has a session with reeld: what it can send, and that nothing comes of
// it. Two strangers: another port of the same host, whose requests carry the cookie, and another site.

#include "daemon/http/server.h"
#include "tests/browser/visit.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

namespace {

/// Tries everything that a page can send to REELD, and says "done" in its title when all has been answered
/// or refused; what it could read stands in `window.read`.
constexpr std::string_view kStranger = R"(<!doctype html><title>stranger</title>
<iframe name="out"></iframe><iframe id="framed" src="REELD/"></iframe>
<form id="form" method="post" enctype="text/plain" target="out" action="REELD/v1/pause"></form>
<script>
const deeds = ['/v1/pause', '/v1/batches/harbor/cancel', '/v1/batches/harbor/retry', '/v1/batches?name=x'];
const headers = [{}, { 'X-Reeld-Action': '1' }, { 'Content-Type': 'text/plain' }];
window.read = [];
const attempt = (path, options) => fetch('REELD' + path, { credentials: 'include', ...options })
  .then(reply => reply.text()).then(text => text && read.push(path), () => {});
const all = [attempt('/v1/status', {}), attempt('/v1/session', {}), attempt('/', {})];
for (const path of deeds) {
  for (const one of headers) all.push(attempt(path, { method: 'POST', body: 'shots: [a]', headers: one }));
  all.push(attempt(path, { method: 'POST', mode: 'no-cors', body: 'shots: [a]' }));
  all.push(new Promise(end => { navigator.sendBeacon('REELD' + path, 'shots: [a]'); end(); }));
}
all.push(new Promise(end => {
  const events = new EventSource('REELD/v1/events', { withCredentials: true });
  events.addEventListener('status', () => read.push('/v1/events'));
  events.addEventListener('error', () => { events.close(); end(); });
}));
document.querySelector('[name=out]').addEventListener('load', () => {
  Promise.all(all).then(() => { document.title = 'done'; });
});
document.getElementById('form').submit();
</script>)";

struct Stranger {
    Visit& visit;
    http::Server server{visit.loop, {}, [this](const http::Request&, const http::Respond& respond) {
                            std::string text(kStranger);
                            for (auto at = text.find("REELD"); at != std::string::npos;
                                 at = text.find("REELD"))
                                text.replace(at, 5, visit.page());
                            respond({.body = text, .content_type = "text/html"});
                        }};
};

} // namespace

TEST_CASE("a stranger's page changes nothing and reads nothing, though the browser has a session") {
    Visit visit;
    visit.begin_night();
    REQUIRE(visit.enter());
    REQUIRE(visit.browser.becomes("document.body.dataset.act === 'yes'"));
    Stranger stranger{visit};
    for (const char* name : {"127.0.0.1", "localhost"}) {
        CAPTURE(name);
        visit.browser.open(fmt::format("http://{}:{}/", name, stranger.server.port()));
        CHECK(visit.browser.becomes("document.title === 'done'"));
        CHECK(visit.browser.run("return window.read") == "[]");
        CHECK(visit.browser.run("try { return document.getElementById('framed').contentDocument.title } "
                                "catch { return 'closed' }") == "\"closed\"");
        CHECK_FALSE(visit.paused());
        CHECK(visit.state_of("market") == "queued");
        CHECK(visit.ask({"status"})["batches"].Size() == 1);
    }
    REQUIRE(visit.look());
    CHECK(visit.browser.becomes("document.body.dataset.act === 'yes'"));
}

} // namespace reeld::test
