#include "daemon/app/provider_http.h"

#include "daemon/app/hide_key.h"
#include "daemon/log.h"

#include <utility>

namespace reeld {

namespace {

/// The header's value, without the scheme's name before it.
std::string key_in(const std::string& header) {
    return header.substr(header.rfind(' ') + 1);
}

} // namespace

ProviderHttp::ProviderHttp(Loop& loop, Http& http, Options options)
    : loop_(loop), http_(http), options_(std::move(options)), key_(key_in(options_.key_header)) {
    if (key_.size() < kSecretBytesMin) key_.clear();
}

void ProviderHttp::create(const eachlabs::Call& call, Http::Done done) {
    start(call, HttpRequest::Kind::once, options_.create_timeout, std::move(done));
}

void ProviderHttp::ask(const eachlabs::Call& call, Http::Done done) {
    start(call, HttpRequest::Kind::repeatable, options_.poll_timeout, std::move(done));
}

void ProviderHttp::order(const eachlabs::Call& call, Http::Done done) {
    start(call, HttpRequest::Kind::once, options_.poll_timeout, std::move(done));
}

void ProviderHttp::start(const eachlabs::Call& call, HttpRequest::Kind kind, Duration timeout,
                         Http::Done done) {
    HttpRequest request{.kind = kind,
                        .method = call.method,
                        .url = options_.base_url + call.path,
                        .headers = call.headers,
                        .body = call.body,
                        .answer_bytes_max = options_.answer_bytes_max,
                        .connect_timeout = options_.connect_timeout,
                        .total_timeout = timeout};
    request.headers.push_back(options_.key_header);
    http_.start(std::move(request),
                [this, asked_at = loop_.now().at, done = std::move(done)](HttpAnswer&& answer) {
                    clock_.hear(answer.date, asked_at, loop_.now().at);
                    hide_key(answer.body, key_); // It goes into the journal and the manifest.
                    done(std::move(answer));
                });
}

} // namespace reeld
