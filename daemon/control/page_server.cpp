#include "daemon/control/page_server.h"

#include "daemon/control/control_reply.h"
#include "daemon/control/page/page_files.h"
#include "daemon/reader/sha256.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace reeld {

namespace {

/// Reports and deeds are answered within this; see ControlApi.
constexpr Duration kPageAnswerTimeout = std::chrono::minutes{1};

/// A browser sends what it has at once.
constexpr Duration kPageRequestTimeout = std::chrono::seconds{10};

http::Reply refuse_request(const http::Refusal& refusal) {
    http::Refusal said = refusal;
    if (refusal.status == 413) said.remedy += "; 'reeld submit' takes larger storyboards";
    return http::refuse(said);
}

http::Server::Options page_options(const ListenAddress& address) {
    http::Server::Options options;
    options.listen.address = address.address;
    options.listen.port = address.port;
    options.listen.remedy = "choose another http.listen";
    options.connections_max = PageServer::connections_max;
    options.connections_per_address_max = PageServer::connections_max;
    options.request_timeout = kPageRequestTimeout;
    options.body_bytes_max = PageServer::body_bytes_max;
    options.answer_timeout = kPageAnswerTimeout;
    options.refusal = refuse_request;
    options.headers = {{"X-Content-Type-Options", "nosniff"},
                       {"Referrer-Policy", "no-referrer"},
                       {"Cross-Origin-Opener-Policy", "same-origin"},
                       {"Cross-Origin-Resource-Policy", "same-origin"},
                       {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
    return options;
}

Refused no_session() {
    return {.status = 403,
            .message = "this browser has no session with reeld, or it is over",
            .remedy = "run 'reeld dashboard' and open the address that it prints"};
}

Refused no_header() {
    return {.status = 403,
            .message = "a change needs a header that says that it is meant",
            .remedy = "send X-Reeld-Action: 1"};
}

Refused nothing_here() {
    return {.status = 404,
            .message = "there is nothing here",
            .remedy = "the page is at /, the control API under /v1/, figures at /metrics"};
}

http::Reply wrong_method(std::string_view allowed) {
    auto reply = refusal_reply(
        {.status = 405, .message = "this is not to be had by that method", .remedy = "GET asks, POST acts"});
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

bool is_question(const http::Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

/// A browser that loads ahead what nobody may ever look at.
bool is_look_ahead(const http::Request& request) {
    return request.header("Sec-Purpose").find("prefetch") != std::string_view::npos ||
           request.header("Purpose").find("prefetch") != std::string_view::npos;
}

http::Reply plain_text(int status, std::string words) {
    return {.status = status,
            .body = std::move(words),
            .content_type = "text/plain; charset=utf-8",
            .headers = {{"Cache-Control", "no-store"}}};
}

std::string entity_tag(std::string_view bytes) {
    constexpr std::size_t kLetters = 32;
    return '"' + sha256_hex(bytes).substr(0, kLetters) + '"';
}

PageSessions::Limits session_limits(const Config::HttpPort& config) {
    PageSessions::Limits limits;
    limits.session_life = config.session_life;
    return limits;
}

} // namespace

PageServer::PageServer(Loop& loop, Config::HttpPort config, Parts parts, Reports reports)
    : loop_(loop), config_(std::move(config)), parts_(parts), reports_(std::move(reports)),
      sessions_(session_limits(config_)),
      server_(
          loop, page_options(*config_.listen),
          [this](const http::Request& request, const http::Respond& respond) { answer(request, respond); }) {}

void PageServer::answer(const http::Request& request, const http::Respond& respond) {
    if (!is_called(request.header("Host"), config_))
        return respond(refusal_reply({.status = 421,
                                      .message = "this daemon is not called by that name",
                                      .remedy = "put the name into http.hosts"}));
    if (!is_question(request) && request.method != "POST") return respond(wrong_method("GET, HEAD, POST"));
    if (auto known = reports_.probe(request.method, request.path)) return respond(*std::move(known));
    if (ControlApi::is_ours(request.path)) return answer_api(request, respond);
    if (auto found = file(request)) return respond(*std::move(found));
    if (request.path != "/session") return respond(refusal_reply(nothing_here()));
    // HEAD asks about the link; only GET uses it up.
    respond(request.method == "GET" ? enter(request) : wrong_method("GET"));
}

void PageServer::answer_api(const http::Request& request, const http::Respond& respond) {
    const bool asks = is_question(request);
    if (const auto foreign = refusal_as_foreign(request, asks ? Wish::ask : Wish::act))
        return respond(refusal_reply(*foreign));
    const bool may_act = has_session(request);
    if (request.path == "/v1/session") {
        if (!asks) return respond(wrong_method("GET, HEAD"));
        return respond(json_reply(fmt::format(R"({{"may_act":{}}})", may_act)));
    }
    if (!may_act && !(asks && is_of_this_machine(request))) return respond(refusal_reply(no_session()));
    if (!asks && !says_it_acts(request)) return respond(refusal_reply(no_header()));
    parts_.api.answer(request, respond, may_act ? Access::act : Access::read);
}

std::optional<http::Reply> PageServer::file(const http::Request& request) const {
    for (const PageFile& page : page_files()) {
        if (request.path != page.path) continue;
        if (!is_question(request)) return wrong_method("GET, HEAD");
        http::Reply reply{.body = std::string(page.bytes), .content_type = std::string(page.content_type)};
        if (page.path == "/") {
            // Not kept: browsers do not take a new policy from a reply that says that nothing has changed.
            reply.headers = {
                {"Cache-Control", "no-store"},
                {"Content-Security-Policy", fmt::format("{}; {}", kPagePolicy, parts_.clips.directive())}};
            return reply;
        }
        const std::string tag = entity_tag(page.bytes);
        if (request.header("If-None-Match") == tag) reply = {.status = 304, .body = "", .content_type = ""};
        reply.headers = {{"Cache-Control", "no-cache"}, {"ETag", tag}};
        return reply;
    }
    if (request.path != "/favicon.ico") return std::nullopt;
    if (!is_question(request)) return wrong_method("GET, HEAD");
    return http::Reply{.status = 204, .content_type = ""};
}

/// Not checked for other sites: a link in a chat or a mail is one of another site's, and whoever has the
/// token was given it.
http::Reply PageServer::enter(const http::Request& request) {
    constexpr int kForbidden = 403;
    constexpr int kSeeOther = 303;
    constexpr int kUnavailable = 503;
    if (is_look_ahead(request)) return plain_text(kForbidden, "Open this address to use it.\n");
    std::optional<std::string> secret;
    try {
        secret = sessions_.enter(request.query_value("token").value_or(""), loop_.now().at);
    } catch (const std::runtime_error& error) {
        return plain_text(kUnavailable, fmt::format("No session can be made: {}.\n", error.what()));
    }
    if (!secret)
        return plain_text(kForbidden, "This address was used already, or it is too old: it opens the page "
                                      "once, within a minute.\nRun 'reeld dashboard' for another.\n");
    reports_.let_in(request.peer);
    const auto life = std::chrono::duration_cast<std::chrono::seconds>(sessions_.limits().session_life);
    auto reply = plain_text(kSeeOther, "");
    reply.headers.emplace_back("Location", "/");
    reply.headers.emplace_back("Set-Cookie",
                               fmt::format("{}={}; Max-Age={}; Path=/; HttpOnly; SameSite=Strict",
                                           cookie_name(), *secret, life.count()));
    return reply;
}

bool PageServer::has_session(const http::Request& request) const {
    return std::ranges::any_of(
        cookies_in(request.header("Cookie"), cookie_name()),
        [&](std::string_view secret) { return sessions_.admits(secret, loop_.now().at); });
}

/// Browsers share cookies between all ports of a host, and other daemons may listen there.
std::string PageServer::cookie_name() const {
    return fmt::format("reeld_{}", server_.port());
}

PageServer::Invitation PageServer::invite() {
    ListenAddress address = *config_.listen;
    address.port = server_.port();
    std::string host = format_listen_address(address);
    if (address.address == "0.0.0.0" || address.address == "::") {
        // Not an address to go to.
        const std::string name = config_.hosts.empty() ? "localhost" : config_.hosts.front();
        host = fmt::format("{}:{}", name, address.port);
    }
    const Stamp now = loop_.now();
    return {.url = fmt::format("http://{}/session?token={}", host, sessions_.invite(now.at)),
            .until = now.wall + sessions_.limits().token_life};
}

} // namespace reeld
