// Fifty texts that would be markup, script or style if anything took them for that, wherever a storyboard or
// a provider can write: prompts, notes, tags, ids, the provider's messages and addresses of clips.

#include "jobs/eachlabs/json_body.h"
#include "tests/browser/visit.h"
#include "tests/support/fault_server.h"

#include <array>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld::test {

namespace {

constexpr std::array<std::string_view, 50> kEvil = {
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<img src=http://evil.test/x>",
    "<svg onload=window.pwned=1>",
    "\"><svg/onload=window.pwned=1>",
    "'><img src=x onerror=window.pwned=1>",
    "</title><script>window.pwned=1</script>",
    "</textarea><script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "--><script>window.pwned=1</script>",
    "]]><script>window.pwned=1</script>",
    "<iframe src=javascript:window.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<object data=http://evil.test/x></object>",
    "<embed src=http://evil.test/x>",
    "<link rel=stylesheet href=http://evil.test/x>",
    "<style>@import 'http://evil.test/x'</style>",
    "<base href=http://evil.test/>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/'>",
    "<form action=http://evil.test/><button>Resume</button></form>",
    "<a href=javascript:window.pwned=1>here</a>",
    "<body onload=window.pwned=1>",
    "<input autofocus onfocus=window.pwned=1>",
    "<details open ontoggle=window.pwned=1>",
    "<video src=http://evil.test/x onerror=window.pwned=1>",
    "<audio src=x onerror=window.pwned=1>",
    "<marquee onstart=window.pwned=1>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>",
    "<template><script>window.pwned=1</script></template>",
    "<dialog open>Pay</dialog>",
    "<button onclick=window.pwned=1 popovertarget=x>go</button>",
    "<x onclick=window.pwned=1 contenteditable autofocus>",
    "javascript:window.pwned=1",
    "JaVaScRiPt:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "vbscript:msgbox(1)",
    "' onfocus='window.pwned=1' autofocus='",
    "\" onfocus=\"window.pwned=1\" autofocus=\"",
    "` onfocus=`window.pwned=1`",
    "{{constructor.constructor('window.pwned=1')()}}",
    "${window.pwned=1}",
    "<%= window.pwned=1 %>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.pwned=1&#62;",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
    "a\u2028b\u2029window.pwned=1//",
    "\u202e<script>window.pwned=1</script>\u202c",
    "event: status\\ndata: {}\\n\\n",
    "; script-src * 'unsafe-inline'",
};

/// Names that are allowed, and that a careless script trips over.
constexpr std::array<std::string_view, 6> kNames = {"__proto__", "constructor", "hasOwnProperty",
                                                    "toString",  "innerHTML",   "undefined"};

std::string in_quotes(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return buffer.GetString();
}

std::string id_of(std::size_t number) {
    return number < kNames.size() ? std::string(kNames[number]) : fmt::format("evil-{}", number);
}

/// Every shot fails with what its prompt says, but for every fourth, whose clip's address says it (and is
/// taken for none).
class EvilProvider {
public:
    [[nodiscard]] std::string url() const { return server_.url("/v1"); }

private:
    static std::size_t number_in(const ReceivedRequest& request) {
        for (std::size_t number = 0; number < kEvil.size(); ++number) {
            if (request.body.find(fmt::format("\"seed\":{}}}", number)) != std::string::npos) return number;
        }
        return 0;
    }
    static Reaction react(const ReceivedRequest& request) {
        const std::string target = request.target();
        constexpr std::string_view kPoll = "/v1/prediction/p-";
        if (target.starts_with(kPoll)) {
            const auto number = std::stoul(target.substr(kPoll.size()));
            const std::string evil = in_quotes(kEvil.at(number));
            if (number % 4 == 3)
                return answer(200, fmt::format(R"({{"status":"success","output":{},"input":{{}}}})", evil));
            return answer(200, fmt::format(R"({{"status":"error","message":{0},"details":{0}}})", evil));
        }
        if (!request.head.starts_with("POST ")) return answer(404, "{}");
        return answer(200,
                      fmt::format(R"({{"status":"success","predictionID":"p-{}"}})", number_in(request)));
    }

    FaultServer server_{react};
};

/// A storyboard whose every text is one of those above; its shots have numbers for seeds.
std::string storyboard() {
    std::string yaml = "storyboard: constructor\nmodel: any-model\nshots:\n";
    for (std::size_t number = 0; number < kEvil.size(); ++number) {
        const std::string evil = in_quotes(kEvil[number]);
        yaml +=
            fmt::format("  - {{ id: {0}, note: {1}, tags: [{1}, b], input: {{ prompt: {1}, seed: {2} }} }}\n",
                        id_of(number), evil, number);
    }
    return yaml;
}

constexpr const char* kElements =
    "return document.querySelectorAll('img, iframe, object, embed, base, form:not("
    "#ask form), link:not([href=\"page.css\"]), style, math, audio, marquee, "
    "template, textarea, x, body *[onload], *[onerror], *[onfocus], *[onclick], "
    "*[ontoggle], a[href^=\"javascript\" i], a[href^=\"data\" i], "
    "meta[http-equiv], script:not([src=\"page.js\"]), video').length";

} // namespace

TEST_CASE("what a storyboard or a provider wrote stays text, wherever the page shows it") {
    EvilProvider provider;
    Loop loop;
    Browser browser(loop, {});
    SteeredNight night;
    const std::string page = night.listen_for_browsers();
    night.configure("api", fmt::format("{{ base_url: \"{}\" }}", provider.url()));
    night.configure("retries", "{ attempts: 1 }");
    night.start();
    const auto accepted = night.operate({"submit", night.write("evil.yaml", storyboard())});
    CAPTURE(accepted.err);
    REQUIRE(accepted.exit_code == 0);
    REQUIRE(night.daemon().wait_for("constructor finished"));
    browser.open(page + "/");
    REQUIRE(browser.becomes("document.querySelectorAll('#reel[data-frames] i').length === 50"));
    for (std::size_t number = 0; number < kEvil.size(); ++number) {
        const std::string id = id_of(number);
        CAPTURE(id);
        browser.run(fmt::format("focusShot({}); openShot('constructor', {})", number, in_quotes(id)));
        REQUIRE(browser.becomes(fmt::format("document.getElementById('shot').open && "
                                            "document.getElementById('shot-name')?.textContent === {}",
                                            in_quotes(id))));
        const auto text_of = [&](const char* selector) {
            return browser.run(
                fmt::format("return document.querySelector('#shot {}').textContent", selector));
        };
        CHECK(text_of("blockquote") == in_quotes(kEvil[number]));
        const std::string facts = text_of("dl");
        const std::string evil = in_quotes(kEvil[number]);
        const std::string within = evil.substr(1, evil.size() - 2);
        CHECK(facts.find("Note" + within + "Tags" + within + ", b") != std::string::npos);
        // Of a provider's words, the daemon makes line separators blanks.
        const bool is_one_line = kEvil[number].find("\u2028") == std::string_view::npos;
        if (number % 4 != 3 && is_one_line) CHECK(text_of(".said.bad").find(within) != std::string::npos);
        CHECK(browser.run(kElements) == "0");
        browser.run("document.getElementById('shot').close()");
        REQUIRE(browser.becomes("!document.getElementById('shot').firstChild"));
    }
    CHECK(browser.run("return window.pwned === undefined && location.pathname === '/'") == "true");
    CHECK(browser.run("return performance.getEntriesByType('resource').filter(one => "
                      "!one.name.startsWith(location.origin)).map(one => one.name)") == "[]");
    browser.photograph(kPictures / "evil.png");
    CHECK(browser.complaints().empty());
}

} // namespace reeld::test
