/// Why a transfer brought no complete answer, in a sentence for a person.
#pragma once

#include "daemon/net/answer_sink.h"
#include "daemon/net/http.h"

#include <curl/curl.h>
#include <string>

namespace reeld {

/// What a transfer left behind.
struct TransferEnd {
    CURLcode result = CURLE_OK;
    int os_errno = 0;
    std::string details{}; ///< libcurl's own words; may be empty.
    AnswerSink::State answer = AnswerSink::State::nothing;
    int status = 0;
    bool may_have_left = false;
};

/// "could not connect to 127.0.0.1 port 1: Connection refused; nothing was sent". Never contains a header,
/// a body, or more of the URL than host and port.
[[nodiscard]] std::string failure_cause(const HttpRequest& request, const TransferEnd& end);

/// "api.example.com port 443"; the whole of an unreadable URL is "an address that is not a URL".
[[nodiscard]] std::string peer_name(const std::string& url);

} // namespace reeld
