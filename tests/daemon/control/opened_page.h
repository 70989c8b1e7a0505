/// The page's server before a running app, on the test's own loop.
///
/// One batch, "harbor" of three shots, whose creates the provider leaves unanswered, so that nothing happens
/// but what a request brings about. "/metrics" stands for what machines ask.
///
/// Threading: the test's loop. What fails in here fails the test that uses it.
#pragma once

#include "daemon/control/page_server.h"
#include "tests/daemon/app/running_app.h"
#include "tests/daemon/http/raw_client.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <optional>
#include <string>

namespace reeld::test {

struct OpenedPage {
    OpenedPage()
        : models(app.http, app.journal, app.provider.url("/v1")),
          intake(app.app, models,
                 {.program = reeld_program(), .output = app.folder / "output", .limits = {}}),
          api({.app = app.app, .intake = intake},
              {.provider = "sandbox", .output = "", .state = "", .started_at = {}}),
          page(app.loop,
               {.listen = ListenAddress{.address = "127.0.0.1", .port = 0}, .hosts = {"reeld.test"}},
               {.api = api, .clips = clips},
               {.probe = [](std::string_view, std::string_view path) -> std::optional<http::Reply> {
                    if (path != "/metrics") return std::nullopt;
                    return http::Reply{.body = "figures"};
                },
                .let_in =
                    [this](const http::Peer&) {
                        ++let_in;
                    }}) {
        app.on_event = [this](const Event& event) {
            clips.note(event);
            api.happened(event);
        };
        app.silent = true;
        app.accept("harbor", 3);
    }

    /// Sends these bytes on a connection of their own; the whole answer.
    std::string exchange(std::string_view bytes) {
        RawClient client(app.loop, page.port());
        client.send(bytes);
        return client.answer();
    }

    /// A request with these headers, each with its line end, and the connection's last.
    std::string ask(std::string_view method, std::string_view target, std::string_view headers,
                    std::string_view body = "") {
        const std::string length = method == "POST" ? fmt::format("Content-Length: {}\r\n", body.size()) : "";
        return exchange(fmt::format("{} {} HTTP/1.1\r\n{}{}Connection: close\r\n\r\n{}", method, target,
                                    headers, length, body));
    }

    [[nodiscard]] std::string host() const { return fmt::format("127.0.0.1:{}", page.port()); }
    [[nodiscard]] std::string host_line() const { return fmt::format("Host: {}\r\n", host()); }

    /// "/session?token=…" of a new invitation.
    std::string door() {
        const std::string url = page.invite().url;
        return url.substr(url.find("/session"));
    }

    /// The header line "Cookie: …" of a new session.
    std::string cookie_line() {
        const std::string answer = ask("GET", door(), host_line());
        REQUIRE(status_of(answer) == 303);
        const auto from = answer.find("Set-Cookie: ") + 12;
        return fmt::format("Cookie: {}\r\n", answer.substr(from, answer.find(';', from) - from));
    }

    /// Whether a deed has been done: that all creates are paused.
    [[nodiscard]] bool paused() { return app.app.queue().ledger().paused().contains(kAllBatches); }

    RunningApp app{1};
    ModelLookup models;
    Intake intake;
    ControlApi api;
    ClipHosts clips{"https://api.test/v1"}; ///< None at first.
    int let_in = 0;                         ///< Browsers that have got a session.
    PageServer page;
};

} // namespace reeld::test
