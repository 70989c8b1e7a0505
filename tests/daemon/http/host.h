/// A server on the test's own loop that writes down what it is asked and answers as the test wants.
#pragma once

#include "daemon/http/server.h"
#include "tests/daemon/http/raw_client.h"

#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

namespace reeld::test {

/// Deadlines that no passing test meets: those of the options that a test does not set itself.
inline http::Server::Options patient() {
    http::Server::Options options;
    options.connections_max = 1000;
    options.connections_per_address_max = 1000;
    options.idle_timeout = options.request_timeout = options.answer_timeout = options.reply_timeout =
        4 * kPatience;
    options.sweep_interval = std::chrono::milliseconds{1};
    return options;
}

struct Host {
    explicit Host(http::Server::Options options = patient())
        : server(loop, std::move(options),
                 [this](const http::Request& request, const http::Respond& respond) {
                     write_down(request);
                     if (later) {
                         waiting.push_back(respond);
                     } else {
                         respond(reply);
                     }
                 }) {
        reply.body = "all of it";
    }

    /// Sends `bytes` on a connection of their own and waits for the answer, or for the end.
    std::string exchange(std::string_view bytes) {
        RawClient client(loop, server.port());
        client.send(bytes);
        return client.answer();
    }

    Loop loop;
    http::Reply reply;                  ///< To every request, unless `later`.
    bool later = false;                 ///< Leave the request in `waiting`.
    std::vector<http::Respond> waiting; ///< Not answered yet.
    std::vector<std::string> asked;     ///< "METHOD PATH NAME=VALUE … [BODY]".
    http::Peer peer;                    ///< Of the last request.
    http::Server server;

private:
    void write_down(const http::Request& request) {
        std::string line = fmt::format("{} {}", request.method, request.path);
        for (const auto& [name, value] : request.query) line += fmt::format(" {}={}", name, value);
        if (!request.body.empty()) line += fmt::format(" [{}]", request.body);
        asked.push_back(line);
        peer = request.peer;
    }
};

inline constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

/// A POST with these headers, each with its line end, beside Host.
inline std::string post(std::string_view headers, std::string_view body) {
    return fmt::format("POST /p HTTP/1.1\r\nHost: h\r\n{}\r\n{}", headers, body);
}

} // namespace reeld::test
