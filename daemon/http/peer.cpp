#include "daemon/http/peer.h"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>

namespace reeld::http {

Peer peer_of(int fd) {
    Peer peer;
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return peer;
    if (address.ss_family == AF_UNIX) {
        ucred credentials{};
        socklen_t room = sizeof credentials;
        if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &room) != 0) return peer;
        peer.uid = credentials.uid;
        peer.gid = credentials.gid;
        return peer;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* number = address.ss_family == AF_INET6
                             ? static_cast<const void*>(&reinterpret_cast<sockaddr_in6&>(address).sin6_addr)
                             : &reinterpret_cast<sockaddr_in&>(address).sin_addr;
    if (::inet_ntop(address.ss_family, number, text.data(), text.size()) != nullptr) {
        peer.address = text.data();
    }
    return peer;
}

} // namespace reeld::http
