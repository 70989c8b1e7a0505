/// A listening socket: on a TCP address, or a unix socket with its file.
///
/// Ownership: the descriptor is taken out once, by whoever accepts from it and closes it. The socket file
/// belongs to this object, which removes it, unless another one has been put in its place.
#pragma once

#include "daemon/http/server.h"
#include "daemon/output/fd.h"

#include <cstdint>
#include <sys/types.h>

namespace reeld::http {

class Listener {
public:
    /// Throws std::runtime_error, with a sentence for a person that ends with the remedy.
    explicit Listener(const Listen& where);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Hands over the descriptor, which does not block; -1 from the second time on.
    [[nodiscard]] int take();

    [[nodiscard]] std::uint16_t port() const { return port_; } ///< 0 on a unix socket.

private:
    void listen_on_tcp(const Listen& where);
    void listen_on_unix(const Listen& where);

    Fd fd_;
    std::uint16_t port_ = 0;
    std::string file_; ///< The socket file, once it is there.
    dev_t device_ = 0; ///< Which file that is.
    ino_t inode_ = 0;
};

} // namespace reeld::http
