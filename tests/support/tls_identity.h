/// A certificate that a test server makes for itself: self-signed, for 127.0.0.1 and localhost.
#pragma once

#include <cstdint>
#include <openssl/ssl.h>
#include <string>

namespace reeld::test {

class TlsIdentity {
public:
    /// What servers with this identity choose of the protocols that a client offers.
    enum class Prefers : std::uint8_t { http1, http2 };

    explicit TlsIdentity(Prefers prefers);
    ~TlsIdentity();
    TlsIdentity(const TlsIdentity&) = delete;
    TlsIdentity& operator=(const TlsIdentity&) = delete;

    /// The certificate, which clients may trust, as PEM.
    [[nodiscard]] const std::string& certificate_pem() const { return certificate_pem_; }

    /// For the connections of a server. May be used by several threads.
    [[nodiscard]] SSL_CTX* server_context() const { return context_; }

private:
    Prefers prefers_;
    SSL_CTX* context_;
    std::string certificate_pem_;
};

} // namespace reeld::test
