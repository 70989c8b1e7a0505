/// Knows whether a request may have left, and lets one of Kind::once leave one time only.
///
/// libcurl asks here when the connection stands (name found, connected, TLS done, tunnel through a proxy
/// open) and before it sends the first byte of the request. The body's read callback would be too late a
/// witness: libcurl sends the headers before it reads the body.
#pragma once

#include "daemon/net/curl_easy.h"

namespace reeld {

class SendGate {
public:
    SendGate() = default;
    SendGate(const SendGate&) = delete;
    SendGate& operator=(const SendGate&) = delete;

    /// The gate must stay where it is until the transfer has ended. `once`: a second sending is refused, and
    /// ends the transfer.
    void attach(CurlEasy& easy, bool once);

    /// False: certain that not one byte of the request has left.
    [[nodiscard]] bool opened() const { return opened_; }

private:
    static int on_ready(void* self, char*, char*, int, int) noexcept;

    bool once_ = false;
    bool opened_ = false;
};

} // namespace reeld
