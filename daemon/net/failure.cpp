#include "daemon/net/failure.h"

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <system_error>

namespace reeld {

namespace {

std::string url_part(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owned{text, &curl_free};
    return text;
}

/// The operating system's words where it had any, libcurl's otherwise.
std::string reason(const TransferEnd& end) {
    if (end.os_errno != 0) return std::generic_category().message(end.os_errno);
    return end.details.empty() ? curl_easy_strerror(end.result) : end.details;
}

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

std::string timeout_cause(const HttpRequest& request, const TransferEnd& end, const std::string& peer) {
    if (end.may_have_left)
        return fmt::format("no complete answer from {} within {} s", peer, seconds(request.total_timeout));
    return fmt::format("no connection to {} within {} s", peer,
                       seconds(std::min(request.connect_timeout, request.total_timeout)));
}

/// The transfer ended without an error of libcurl's, or because the answer went beyond a limit of ours.
std::string answer_cause(const HttpRequest& request, const TransferEnd& end, const std::string& peer) {
    switch (end.answer) {
    case AnswerSink::State::headers_too_long:
        return fmt::format("the headers of the answer from {} are longer than {} bytes", peer,
                           AnswerSink::header_bytes_max);
    case AnswerSink::State::body_too_long:
        return fmt::format("the answer from {} (status {}) is longer than {} bytes", peer, end.status,
                           request.answer_bytes_max);
    case AnswerSink::State::end_unknown:
        return fmt::format("the answer from {} (status {}) ended with its connection and does not tell its "
                           "length, so it may be cut off",
                           peer, end.status);
    case AnswerSink::State::nothing: return fmt::format("{} gave no answer", peer);
    default: return fmt::format("{} broke its answer (status {}) off", peer, end.status);
    }
}

std::string what_happened(const HttpRequest& request, const TransferEnd& end, const std::string& peer) {
    switch (end.result) {
    case CURLE_OK:
    case CURLE_PARTIAL_FILE: return answer_cause(request, end, peer);
    case CURLE_WRITE_ERROR: // The sink has stopped the transfer.
        return answer_cause(request, end, peer);
    case CURLE_COULDNT_RESOLVE_HOST: return fmt::format("could not find the address of {}", peer);
    case CURLE_COULDNT_RESOLVE_PROXY: return fmt::format("could not find the proxy to {}", peer);
    case CURLE_COULDNT_CONNECT: return fmt::format("could not connect to {}: {}", peer, reason(end));
    case CURLE_OPERATION_TIMEDOUT: return timeout_cause(request, end, peer);
    case CURLE_GOT_NOTHING: return fmt::format("{} closed the connection without an answer", peer);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return fmt::format("could not make a secure connection to {}: {}", peer,
                           end.details.empty() ? curl_easy_strerror(end.result) : end.details);
    default: return fmt::format("talking to {} failed: {}", peer, reason(end));
    }
}

} // namespace

std::string peer_name(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed{curl_url(), &curl_url_cleanup};
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        return "an address that is not a URL";
    return fmt::format("{} port {}", url_part(parsed.get(), CURLUPART_HOST),
                       url_part(parsed.get(), CURLUPART_PORT));
}

std::string failure_cause(const HttpRequest& request, const TransferEnd& end) {
    return fmt::format("{}; {}", what_happened(request, end, peer_name(request.url)),
                       end.may_have_left ? "the request may have arrived" : "nothing was sent");
}

} // namespace reeld
