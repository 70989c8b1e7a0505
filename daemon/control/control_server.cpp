#include "daemon/control/control_server.h"

#include "daemon/control/control_reply.h"
#include "daemon/control/json_output.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace reeld {

namespace {

/// Reading a storyboard of 100,000 shots and writing them to the journal takes some ten seconds, and others
/// may be before it.
constexpr Duration kAnswerTimeout = std::chrono::minutes{5};

/// A storyboard of 64 MiB from a program that writes it as it goes.
constexpr Duration kRequestTimeout = std::chrono::minutes{1};

/// Commands, pages and completions at once.
constexpr unsigned kConnectionsMax = 128;

http::Server::Options socket_options(const SocketPlace& place, std::size_t body_bytes_max) {
    http::Server::Options options;
    options.listen.unix_path = place.short_path();
    options.listen.unix_mode = 0660;
    options.listen.remedy = "choose another state folder with --state";
    options.connections_max = kConnectionsMax;
    options.body_bytes_max = body_bytes_max;
    options.request_timeout = kRequestTimeout;
    options.answer_timeout = kAnswerTimeout;
    return options;
}

} // namespace

bool may_act(const http::Peer& peer, const SocketFile& file) {
    if (!peer.uid) return false;
    if (*peer.uid == 0 || *peer.uid == file.daemon_uid) return true;
    const bool is_member =
        peer.gid == std::optional<gid_t>(file.group) || std::ranges::count(peer.groups, file.group) > 0;
    return file.group_may && is_member;
}

ControlServer::ControlServer(Loop& loop, ControlApi& api, const Options& options, Invite invite)
    : api_(api), invite_(std::move(invite)), place_(options.state),
      server_(
          loop, socket_options(place_, options.body_bytes_max),
          [this](const http::Request& request, const http::Respond& respond) { answer(request, respond); }) {}

SocketFile ControlServer::file() const {
    struct stat status {};
    if (::stat(place_.short_path().c_str(), &status) != 0)
        return {.daemon_uid = ::geteuid(), .group = 0, .group_may = false};
    return {.daemon_uid = ::geteuid(), .group = status.st_gid, .group_may = (status.st_mode & S_IWGRP) != 0};
}

void ControlServer::answer(const http::Request& request, const http::Respond& respond) {
    if (!may_act(request.peer, file()))
        return respond(refusal_reply({.status = 403,
                                      .message = "this daemon belongs to another user",
                                      .remedy = "become that user, or a member of the socket's group"}));
    if (request.path == "/v1/sessions") return respond(invitation(request));
    api_.answer(request, respond, Access::act);
}

http::Reply ControlServer::invitation(const http::Request& request) const {
    constexpr int kCreated = 201;
    if (request.method != "POST")
        return refusal_reply(
            {.status = 405, .message = "this path has another method", .remedy = "POST opens a session"});
    const auto found = invite_();
    if (const auto* refused = std::get_if<Refused>(&found)) return refusal_reply(*refused);
    const auto& invitation = std::get<PageServer::Invitation>(found);
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    json.StartObject();
    add_member(json, "url", std::string_view(invitation.url));
    add_member(json, "until", invitation.until);
    json.EndObject();
    return json_reply(text_of(buffer), kCreated);
}

} // namespace reeld
