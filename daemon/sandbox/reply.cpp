#include "daemon/sandbox/reply.h"

#include "daemon/sandbox/json.h"

namespace reeld::sandbox {

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

Request read_request(const http::Request& request) {
    return {.method = request.method,
            .path = request.path,
            .query = request.query,
            .x_api_key = request.header("X-API-Key"),
            .authorization = request.header("Authorization"),
            .range = request.header("Range"),
            .if_range = request.header("If-Range"),
            .body = request.body};
}

Reply refusal(const Problem& problem, ErrorShape shape) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    if (shape == ErrorShape::openapi) {
        put_member(writer, "error", problem.message);
        put_key(writer, "status");
        writer.Int(problem.status);
    } else {
        put_member(writer, "status", "error");
        put_member(writer, "message", problem.message);
        if (shape == ErrorShape::both) put_member(writer, "error", problem.message);
    }
    if (!problem.details.empty()) put_member(writer, "details", problem.details);
    writer.EndObject();
    Reply reply;
    reply.status = problem.status;
    reply.body = view(buffer);
    return reply;
}

} // namespace reeld::sandbox
