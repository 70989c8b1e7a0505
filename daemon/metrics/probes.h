/// `/metrics`, `/healthz` and `/readyz`: what machines ask a daemon, as replies of the HTTP server.
///
/// They tell nothing that a stranger must not know (no names, no paths, no messages of the provider), so
/// whoever may reach the port may ask. GET and HEAD only. Threading: the loop's.
#pragma once

#include "daemon/app/app.h"
#include "daemon/http/reply.h"
#include "daemon/metrics/metrics.h"

#include <optional>
#include <string_view>

namespace reeld {

/// What must be true before reeld takes work and renders it.
struct Readiness {
    bool replayed = false; ///< The journal was, and the queue knows what there is to do.
    bool stalled = false;  ///< The journal cannot be written for now.
    bool watching = false; ///< The watch folder can be read, if there is one.
    bool stopping = false; ///< SIGTERM has come.

    [[nodiscard]] bool ready() const { return replayed && !stalled && watching && !stopping; }
};

struct ProbeParts {
    Metrics& metrics;
    const App& app;
    Instant now;
    Readiness readiness;
};

/// The reply to `path` (decoded, without its query), or nothing when it is none of the three:
///  - `/metrics`: 200 with everything in Prometheus' text format;
///  - `/healthz`: 200 "ok". That it is answered at all says that the loop turns, and that is all it says;
///  - `/readyz`: 200 "ready", or 503 with a line for each thing that is missing.
/// Any other method than GET and HEAD: 405. A server that sends no body after HEAD is presumed.
[[nodiscard]] std::optional<http::Reply> answer_probe(std::string_view method, std::string_view path,
                                                      const ProbeParts& parts);

} // namespace reeld
