/// A provider without a socket, on a clock that only the test moves.
#pragma once

#include "daemon/sandbox/json.h"
#include "daemon/sandbox/provider.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace reeld::test {

using namespace std::chrono_literals;

/// 2026-05-25T08:30:00Z.
inline constexpr WallTime kMorning = std::chrono::sys_days{std::chrono::year{2026} / 5 / 25} + 8h + 30min;

inline constexpr const char* kKling = "kling-v3-pro-text-to-video";

/// Renders of exactly ten seconds.
inline sandbox::ProviderOptions ten_seconds() {
    sandbox::ProviderOptions options;
    options.time = 10s;
    options.spread = 0;
    return options;
}

/// Every request that can misbehave so, does.
inline sandbox::ProviderOptions always(sandbox::Misbehaviour what) {
    sandbox::ProviderOptions options = ten_seconds();
    options.misbehave.at(static_cast<std::size_t>(what)) = 1;
    return options;
}

/// Every prediction ends so.
inline sandbox::ProviderOptions always(sandbox::Ending ending) {
    sandbox::ProviderOptions options = ten_seconds();
    options.fail.at(static_cast<std::size_t>(ending)) = 1;
    return options;
}

/// The text as JSON; one that cannot be parsed fails the test.
inline rapidjson::Document json_of(std::string_view text) {
    rapidjson::Document document;
    REQUIRE(sandbox::parse_json(text, document) == "");
    return document;
}

/// The value of a header of the reply, or nothing.
inline std::string header_of(const sandbox::Reply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

/// A request without a key, a query or a body.
inline sandbox::Request keyless(std::string_view method, std::string_view path) {
    sandbox::Request request;
    request.method = method;
    request.path = path;
    return request;
}

/// The provider and its clock. Requests carry a key; `passed` is how late it is, on both clocks, since the
/// start.
struct Rig {
    explicit Rig(sandbox::ProviderOptions options = ten_seconds())
        : provider(std::move(options), "http://127.0.0.1:8080/v1") {}

    /// Sends any request at the present instant.
    sandbox::Reply ask(std::string_view method, std::string_view path, std::string_view body = "",
                       decltype(sandbox::Request::query) query = {}) {
        sandbox::Request request = keyless(method, path);
        request.query = std::move(query);
        request.x_api_key = "key";
        request.body = body;
        return provider.answer(request, {kStart + passed, kMorning + passed});
    }

    /// Sends a create for one prompt; the reply may be a refusal.
    sandbox::Reply create(const std::string& prompt = "A gull", const std::string& model = kKling) {
        return ask("POST", "/v1/prediction/",
                   fmt::format(R"({{"model":"{}","input":{{"prompt":"{}"}}}})", model, prompt));
    }

    /// Creates a prediction and returns its id.
    std::string created(const std::string& prompt = "A gull") {
        const sandbox::Reply reply = create(prompt);
        REQUIRE(reply.status == 200);
        return std::string(sandbox::string_member(json_of(reply.body), "predictionID"));
    }

    /// The body of a poll that must be answered with 200.
    rapidjson::Document poll(const std::string& id) {
        const sandbox::Reply reply = ask("GET", "/v1/prediction/" + id);
        REQUIRE(reply.status == 200);
        return json_of(reply.body);
    }

    /// The status that a poll tells.
    std::string status(const std::string& id) {
        return std::string(sandbox::string_member(poll(id), "status"));
    }

    static constexpr Instant kStart{1'000s};
    Duration passed{};
    sandbox::Provider provider;
};

} // namespace reeld::test
