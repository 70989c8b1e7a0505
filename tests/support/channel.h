/// A connection as a server sees it, plain or with TLS. Blocking; for the threads of test servers.
#pragma once

#include <memory>
#include <string>

namespace reeld::test {

class TlsIdentity;

class Channel {
public:
    /// Borrows `fd`. With an identity, performs the handshake; see ready().
    Channel(int fd, const TlsIdentity* identity);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// False when the handshake failed.
    [[nodiscard]] bool ready() const { return ready_; }

    /// What the client offered by ALPN, "h2,http/1.1"; empty without TLS or offer.
    [[nodiscard]] std::string offered_protocols() const;

    /// Adds what comes next to `to`. False when the connection has ended.
    [[nodiscard]] bool read_more(std::string& to);

    /// False when the client is gone.
    [[nodiscard]] bool write(const std::string& bytes);

    /// Tells a TLS client that the end is no accident.
    void say_goodbye();

    [[nodiscard]] int fd() const { return fd_; }

private:
    struct Tls;
    int fd_;
    std::unique_ptr<Tls> tls_;
    bool ready_ = true;
};

} // namespace reeld::test
