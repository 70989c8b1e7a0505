/// The door on `http.listen`, for Prometheus and whoever looks whether reeld lives: `/metrics`, `/healthz`,
/// `/readyz`, and 404 for all else.
///
/// It changes nothing and asks for no login. Requests must call it by a name it has: that of `http.listen`,
/// localhost, or one of `http.hosts`; else 421, so that a stranger's page cannot read it through a browser by
/// a name of its own that leads here. Threading: the loop's, which must outlive it.
#pragma once

#include "daemon/config/config.h"
#include "daemon/http/server.h"

#include <functional>
#include <optional>
#include <string_view>

namespace reeld {

/// Whether `host`, a Host header with or without a port, names a daemon that is configured so.
[[nodiscard]] bool is_called(std::string_view host, const Config::HttpPort& config);

class ProbeServer {
public:
    /// The reply to a path, or nothing when it knows none: see answer_probe().
    using Ask = std::function<std::optional<http::Reply>(std::string_view method, std::string_view path)>;

    /// Precondition: `config.listen`. Throws std::runtime_error when the address cannot be had.
    ProbeServer(Loop& loop, Config::HttpPort config, Ask ask);

private:
    [[nodiscard]] http::Reply reply(const http::Request& request) const;

    Config::HttpPort config_;
    Ask ask_;
    http::Server server_;
};

} // namespace reeld
