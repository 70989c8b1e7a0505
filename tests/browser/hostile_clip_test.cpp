// Addresses of clips that a provider could send to make a browser ask somebody else: none is asked, the
// policy names nobody new, and the page neither runs them nor comes anew again and again.

#include "tests/browser/visit.h"
#include "tests/support/fault_server.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <vector>

namespace reeld::test {

namespace {

/// A provider whose every prediction has ended, with a clip at the address of its number; and a neighbour on
/// this machine, such as a printer's page, whom none of the addresses may reach.
class HostileProvider {
public:
    HostileProvider() {
        const std::string port = std::to_string(neighbour.port());
        for (const char* host :
             {"http://127.0.0.1:", "http://localhost:", "http://LOCALHOST:", "http://localhost.:",
              "http://127.1:", "http://2130706433:", "http://0x7f000001:", "http://0177.0.0.1:",
              "http://[::1]:", "http://[::ffff:127.0.0.1]:", "http://a.localhost:", "http://0.0.0.0:",
              "http://user:secret@127.0.0.1:", "http://127.0.0.1.:", "http://%31%32%37.0.0.1:",
              "http://127\u30020.0.1:", "https://127.0.0.1:", "https://localhost:"})
            addresses.push_back(host + port + "/reboot");
        for (const char* address : {"javascript:window.pwned=1",
                                    "data:video/mp4;base64,AAAA",
                                    "data:text/html,<script>1</script>",
                                    "blob:http://127.0.0.1/a",
                                    "file:///etc/passwd",
                                    "filesystem:http://127.0.0.1/a",
                                    "ftp://a.test/a",
                                    "https://evil\"onload=window.pwned=1",
                                    "https://evil'onload=window.pwned=1",
                                    "https://evil.test;script-src *",
                                    "https://evil.test, default-src *",
                                    "https://*",
                                    "https://*.test/a",
                                    "http://10.0.0.1/reboot",
                                    "http://192.168.0.1/reboot",
                                    "http://169.254.169.254/latest/meta-data/",
                                    "http://router/reboot",
                                    "http://fritz.box/reboot",
                                    "https://192.168.0.1/reboot",
                                    "https://router/reboot",
                                    "http://cdn.test/a.mp4",
                                    "https://user:secret@cdn.test/a.mp4",
                                    "https://m\u00fcnchen.test/a.mp4",
                                    "https://cdn.test\\@evil.test/a",
                                    "https:/evil.test/a",
                                    "//evil.test/a",
                                    "https://cdn.test:0/a",
                                    "https://cdn.test:99999/a",
                                    "HTTPS://"})
            addresses.emplace_back(address);
        addresses.push_back("https://" + std::string(300, 'a') + ".test/");
        addresses.push_back("http://127.0.0.1:" + port + "/" + std::string(9000, 'a'));
    }

    [[nodiscard]] std::string url() const { return provider_.url("/v1"); }

    std::vector<std::string> addresses;
    FaultServer neighbour{[](const ReceivedRequest&) {
        return answer(200, "");
    }};

private:
    Reaction react(const ReceivedRequest& request) const {
        const std::string target = request.target();
        constexpr std::string_view kPoll = "/v1/prediction/p-";
        if (target.starts_with(kPoll)) {
            const std::string& address = addresses.at(std::stoul(target.substr(kPoll.size())));
            std::string text;
            for (const char c : address)
                text += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
            return answer(200, fmt::format(R"({{"status":"success","output":["{}"],"input":{{}}}})", text));
        }
        if (!request.head.starts_with("POST ")) return answer(404, "{}");
        const auto seed = std::stoul(request.body.substr(request.body.find("\"seed\":") + 7));
        return answer(200, fmt::format(R"({{"status":"success","predictionID":"p-{}"}})", seed));
    }

    FaultServer provider_{[this](const ReceivedRequest& request) {
        return react(request);
    }};
};

std::string board(std::size_t shots) {
    std::string yaml = "storyboard: hostile\nmodel: any-model\nshots:\n";
    for (std::size_t shot = 0; shot < shots; ++shot)
        yaml += fmt::format("  - {{ id: s-{0}, input: {{ prompt: Gulls {0}, seed: {0} }} }}\n", shot);
    return yaml;
}

constexpr const char* kPolicy = "return (async () => (await fetch('/')).headers.get("
                                "'content-security-policy').split('media-src')[1])()";

} // namespace

TEST_CASE("hostile addresses of clips reach nobody, run nothing, and widen the policy by nobody") {
    HostileProvider provider;
    SteeredNight night;
    const std::string page = night.listen_for_browsers();
    night.configure("api", fmt::format("{{ base_url: \"{}\" }}", provider.url()));
    night.configure("retries", "{ attempts: 1 }");
    night.start();
    const auto shots = provider.addresses.size();
    MESSAGE("hostile addresses: ", shots);
    REQUIRE(night.operate({"submit", night.write("hostile.yaml", board(shots))}).exit_code == 0);
    REQUIRE(night.daemon().wait_for("hostile finished"));
    Loop loop;
    Browser browser(loop, {});
    browser.open(page + "/");
    REQUIRE(browser.becomes("document.querySelectorAll('#reel[data-frames] i').length === " +
                            std::to_string(shots)));
    for (std::size_t shot = 0; shot < shots; ++shot) {
        CAPTURE(provider.addresses[shot]);
        const std::string kept = browser.run(
            fmt::format("return (async () => {{ focusShot({0}); await openShot('hostile', 's-{0}');"
                        "const name = document.getElementById('shot-name').textContent;"
                        "const link = document.querySelector('#shot dd a');"
                        "const kept = link ? new URL(link.href).username + link.protocol : 'none';"
                        "document.getElementById('shot').close(); return name + ' ' + kept; }})()",
                        shot));
        const std::string name = fmt::format("\"s-{} ", shot);
        CHECK((kept == name + "none\"" || kept == name + "http:\"" || kept == name + "https:\""));
    }
    CHECK(browser.run(kPolicy) == "\" 'self'\"");
    CHECK(browser.run("return window.pwned === undefined && location.pathname === '/'") == "true");
    CHECK(provider.neighbour.received().empty());
    CHECK(provider.neighbour.connections() == 0);
}

TEST_CASE("a page whose clips come from ever new hosts comes anew for them once a minute at most") {
    Visit visit;
    visit.begin_night();
    REQUIRE(visit.look());
    const auto forbid = [&](const char* host) {
        visit.browser.run(fmt::format("document.dispatchEvent(new SecurityPolicyViolationEvent("
                                      "'securitypolicyviolation', {{ effectiveDirective: 'media-src', "
                                      "blockedURI: 'https://{}/a.mp4' }}))",
                                      host));
    };
    visit.browser.run("sessionStorage.clear(); window.first = true");
    forbid("one.test");
    REQUIRE(visit.browser.becomes("window.first === undefined && document.readyState === 'complete'"));
    visit.browser.run("window.second = true; window.asked = performance.now()");
    forbid("two.test");
    CHECK(visit.browser.becomes("performance.now() - window.asked > 4000"));
    CHECK(visit.browser.run("return window.second === true") == "true");
}

} // namespace reeld::test
