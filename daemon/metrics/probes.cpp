#include "daemon/metrics/probes.h"

namespace reeld {

namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

http::Reply in_text(int status, std::string body, std::string_view content_type = kPlainText) {
    http::Reply reply;
    reply.status = status;
    reply.body = std::move(body);
    reply.content_type = content_type;
    reply.headers = {{"Cache-Control", "no-store"}};
    return reply;
}

http::Reply tell_readiness(const Readiness& readiness) {
    if (readiness.ready()) return in_text(200, "ready\n");
    std::string missing;
    if (!readiness.replayed) missing += "the journal is not replayed yet\n";
    if (readiness.stalled) missing += "the journal cannot be written\n";
    if (!readiness.watching) missing += "the watch folder cannot be read\n";
    if (readiness.stopping) missing += "reeld is stopping\n";
    return in_text(503, missing);
}

} // namespace

std::optional<http::Reply> answer_probe(std::string_view method, std::string_view path,
                                        const ProbeParts& parts) {
    if (path != "/metrics" && path != "/healthz" && path != "/readyz") return std::nullopt;
    if (method != "GET" && method != "HEAD") {
        auto reply = in_text(405, "only GET and HEAD\n");
        reply.headers.emplace_back("Allow", "GET, HEAD");
        return reply;
    }
    if (path == "/healthz") return in_text(200, "ok\n");
    if (path == "/readyz") return tell_readiness(parts.readiness);
    return in_text(200,
                   parts.metrics.text(parts.app.queue().ledger(), parts.app.limiter(),
                                      parts.app.queue().scheduler().closed_batches(), parts.now),
                   Metrics::content_type);
}

} // namespace reeld
