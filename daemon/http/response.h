/// A Reply in libmicrohttpd's terms. Private to this folder.
#pragma once

#include "daemon/http/exchange.h"

namespace reeld::http {

/// The response of a reply whose delivery is `whole` or `half`; null when there is no memory. The caller
/// destroys it when it has been queued. Of a stream, the response closes it when it goes.
[[nodiscard]] MHD_Response* make_response(Reply reply, Server::Impl& server, MHD_Connection* handle);

} // namespace reeld::http
