/// Who is at the other end of a connected socket. Private to this folder.
#pragma once

#include "daemon/http/request.h"

namespace reeld::http {

/// By the kernel's word: the credentials of the process that connected a unix socket, the address of a TCP
/// one.
[[nodiscard]] Peer peer_of(int fd);

} // namespace reeld::http
