#include "jobs/eachlabs/requests.h"

#include "jobs/text/ascii.h"
#include "jobs/text/rfc3339.h"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cassert>

namespace reeld::eachlabs {
namespace {

// The unreserved characters of RFC 3986, section 2.3, asked without a locale.
bool is_unreserved(char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::string json_string(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return {buffer.GetString(), buffer.GetSize()};
}

} // namespace

std::string key_header(Auth auth, std::string_view key) {
    return fmt::format("{}{}", auth == Auth::bearer ? "Authorization: Bearer " : "X-API-Key: ", key);
}

Call create_call(std::string_view model, std::string_view input, std::string_view request_id,
                 const WebhookWish& webhook) {
    assert(input.starts_with('{') && input.ends_with('}'));
    assert(std::all_of(request_id.begin(), request_id.end(), [](char c) { return c > ' ' && c <= '~'; }));
    std::string body = fmt::format(R"({{"model":{},"input":{})", json_string(model), input);
    if (!webhook.url.empty()) {
        body += fmt::format(R"(,"webhook_url":{},"webhook_secret":{})", json_string(webhook.url),
                            json_string(webhook.secret));
    }
    body += '}';
    return {.method = "POST",
            .path = "/prediction/",
            .body = std::move(body),
            .headers = {"Content-Type: application/json", fmt::format("X-Request-Id: {}", request_id)}};
}

Call poll_call(std::string_view prediction) {
    assert(!prediction.empty());
    return {.method = "GET", .path = "/prediction/" + percent_encoded(prediction), .body = {}, .headers = {}};
}

Call cancel_call(std::string_view prediction) {
    assert(!prediction.empty());
    return {.method = "POST",
            .path = "/prediction/" + percent_encoded(prediction) + "/cancel",
            .body = {},
            .headers = {}};
}

Call list_call(std::string_view model, std::optional<WallTime> from, std::size_t offset) {
    std::string path = "/executions?model=" + percent_encoded(model);
    if (from) path += "&from=" + percent_encoded(rfc3339(*from));
    path += fmt::format("&limit={}&offset={}", kListLimit, offset);
    return {.method = "GET", .path = std::move(path), .body = {}, .headers = {}};
}

Call model_call(std::string_view slug) {
    return {.method = "GET", .path = "/model?slug=" + percent_encoded(slug), .body = {}, .headers = {}};
}

} // namespace reeld::eachlabs
