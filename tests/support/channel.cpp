#include "tests/support/channel.h"

#include "tests/support/tls_identity.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

namespace reeld::test {

struct Channel::Tls {
    explicit Tls(SSL_CTX* context) : ssl{SSL_new(context)} {}
    ~Tls() { SSL_free(ssl); }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;

    SSL* ssl;
    std::string offered;
};

namespace {

/// Where a handshake leaves what the client offered.
int offered_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

/// The ALPN extension of a ClientHello: two bytes of length, then names, each behind a byte of length.
std::string read_offer(SSL* ssl) {
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &bytes, &size) !=
        1)
        return {};
    std::string names;
    for (std::size_t at = 2; at < size; at += 1U + bytes[at]) {
        if (!names.empty()) names += ",";
        names.append(reinterpret_cast<const char*>(bytes + at + 1), bytes[at]);
    }
    return names;
}

int on_client_hello(SSL* ssl, int*, void*) {
    *static_cast<std::string*>(SSL_get_ex_data(ssl, offered_index())) = read_offer(ssl);
    return SSL_CLIENT_HELLO_SUCCESS;
}

} // namespace

Channel::Channel(int fd, const TlsIdentity* identity) : fd_{fd} {
    if (identity == nullptr) return;
    SSL_CTX_set_client_hello_cb(identity->server_context(), on_client_hello, nullptr);
    tls_ = std::make_unique<Tls>(identity->server_context());
    SSL_set_ex_data(tls_->ssl, offered_index(), &tls_->offered);
    SSL_set_fd(tls_->ssl, fd);
    ready_ = SSL_accept(tls_->ssl) == 1;
}

Channel::~Channel() = default;

std::string Channel::offered_protocols() const {
    return tls_ ? tls_->offered : std::string{};
}

bool Channel::read_more(std::string& to) {
    char bytes[16 * 1024];
    const ssize_t size = tls_ ? SSL_read(tls_->ssl, bytes, sizeof bytes) : recv(fd_, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    to.append(bytes, static_cast<std::size_t>(size));
    return true;
}

bool Channel::write(const std::string& bytes) {
    if (tls_) return bytes.empty() || SSL_write(tls_->ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t size = send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (size < 0) return false;
        sent += static_cast<std::size_t>(size);
    }
    return true;
}

void Channel::say_goodbye() {
    if (tls_) SSL_shutdown(tls_->ssl);
}

} // namespace reeld::test
