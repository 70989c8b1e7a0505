#include "tests/browser/stage.h"

#include "daemon/control/page/page_files.h"
#include "daemon/sandbox/clip.h"

#include <algorithm>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld::test {

namespace {

std::string quoted(const std::string& text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return buffer.GetString();
}

http::Reply json(std::string body, int status = 200) {
    return {.status = status, .body = std::move(body)};
}

http::Reply file(std::string_view bytes, std::string_view type) {
    return {.body = std::string(bytes),
            .content_type = std::string(type),
            .headers = {{"Content-Security-Policy", std::string(kPagePolicy) + "; media-src 'self'"}}};
}

} // namespace

Stage::Stage(Loop& loop)
    : shots{{.id = "gulls", .state = "succeeded"},
            {.id = "sunrise", .state = "rendering"},
            {.id = "market", .state = "queued"}},
      server_(
          loop, http::Server::Options{},
          [this](const http::Request& request, const http::Respond& respond) { respond(answer(request)); }) {}

std::string Stage::url() const {
    return fmt::format("http://127.0.0.1:{}/", server_.port());
}

void Stage::tell() {
    const std::string text =
        fmt::format("event: status\ndata: {}\n\nevent: shots\ndata: {{\"batch\":\"harbor\",{}}}\n\n",
                    status(), all_shots());
    for (const auto& stream : streams_) stream->push(text);
}

void Stage::be_reachable(bool on) {
    reachable_ = on;
    if (on) return;
    for (const auto& stream : streams_) stream->finish();
    streams_.clear();
}

http::Reply Stage::answer(const http::Request& request) {
    if (!reachable_) return {.status = 503, .delivery = http::Delivery::close};
    if (request.method == "POST") return change(request);
    for (const PageFile& page : page_files()) {
        if (request.path == page.path) return file(page.bytes, page.content_type);
    }
    if (request.path == "/clip.mp4") return file(sandbox::clip(), "video/mp4");
    if (request.path == "/favicon.ico") return {.status = 204, .content_type = ""};
    if (request.path == "/v1/events") return events();
    if (request.path == "/v1/session") return json(fmt::format(R"({{"may_act":{}}})", may_act));
    if (request.path == "/v1/history") return json(R"({"step_s":60,"points":[]})");
    if (request.path == "/v1/batches/harbor")
        return json(
            fmt::format(R"({{{},{},"offset":0,"total":{}}})", batch_members(), all_shots(), shots.size()));
    for (std::size_t index = 0; index < shots.size(); ++index) {
        if (request.path == "/v1/batches/harbor/shots/" + shots[index].id) return json(shot(index));
    }
    return http::refuse({.status = 404, .message = "there is no such page", .remedy = ""});
}

http::Reply Stage::events() {
    auto stream = std::make_shared<http::Stream>();
    streams_.push_back(stream);
    stream->push(fmt::format("event: status\ndata: {}\n\n", status()));
    return {.content_type = "text/event-stream", .stream = stream};
}

http::Reply Stage::change(const http::Request& request) {
    if (!may_act || request.header("X-Reeld-Action") != "1") {
        ++refused;
        return http::refuse(
            {.status = 403, .message = "this browser may not act", .remedy = "reeld dashboard"});
    }
    changes.push_back(fmt::format("{} {}", request.path, request.body));
    return json(fmt::format(R"({{"changed":1,"batch":{{{}}}}})", batch_members()));
}

std::string Stage::status() const {
    std::string in_slots;
    for (const Shot& one : shots) {
        if (one.state != "rendering") continue;
        in_slots += fmt::format(R"({}{{"batch":"harbor","shot":{},"state":"rendering",)"
                                R"("since":"2026-11-28T03:10:00.000Z","expected_s":160}})",
                                in_slots.empty() ? "" : ",", quoted(one.id));
    }
    return fmt::format(
        R"({{"reeld":"0.1.0","now":"2026-11-28T03:12:04.000Z","provider":"the stage","account":)"
        R"({{"creates":100,"per_s":60,"tokens":93,"slots":10,"slots_now":10,"slots_taken":1,)"
        R"("paused":false,"in_slots":[{}]}},"held":[],"held_count":0,"batches":[{{{}}}]}})",
        in_slots, batch_members());
}

std::string Stage::batch_members() const {
    std::string counts = fmt::format(R"("total":{})", shots.size());
    for (const char* state :
         {"queued", "creating", "rendering", "in_doubt", "held", "succeeded", "failed", "cancelled"})
        counts += fmt::format(R"(,"{}":{})", state, std::ranges::count(shots, state, &Shot::state));
    return fmt::format(
        R"("batch":"harbor","state":"running","priority":0,"paused":false,"counts":{{{}}},)"
        R"("accepted_at":"2026-11-28T03:00:00.000Z","cost":1.12,)"
        R"("eta":{{"earliest":"2026-11-28T03:14:00.000Z","latest":"2026-11-28T03:15:00.000Z"}})",
        counts);
}

std::string Stage::all_shots() const {
    std::string text;
    for (std::size_t index = 0; index < shots.size(); ++index) text += (index == 0 ? "" : ",") + shot(index);
    return fmt::format(R"("shots":[{}])", text);
}

std::string Stage::shot(std::size_t index) const {
    const Shot& one = shots[index];
    std::string more;
    const std::string clip = one.url.empty() ? url() + "clip.mp4" : one.url;
    if (one.state == "succeeded") more += fmt::format(R"(,"url":{0},"urls":[{0}],"cost":1.12)", quoted(clip));
    if (one.state == "rendering") more += R"(,"since":"2026-11-28T03:10:00.000Z","expected_s":160)";
    if (!one.message.empty())
        more += fmt::format(R"(,"error":{{"code":"c","message":{}}})", quoted(one.message));
    return fmt::format(
        R"({{"shot":{},"index":{},"state":"{}","model":{},"attempts":1,"prompt":{},"clip_seconds":2{}}})",
        quoted(one.id), index, one.state, quoted(one.model), quoted(one.prompt), more);
}

} // namespace reeld::test
