#include "daemon/net/answer_sink.h"

#include "jobs/text/ascii.h"
#include "jobs/text/blanks.h"
#include "jobs/text/number.h"

namespace reeld {

namespace {

std::size_t on_header(char* line, std::size_t size, std::size_t count, void* sink) noexcept {
    const std::size_t bytes = size * count;
    return static_cast<AnswerSink*>(sink)->take_header({line, bytes}) ? bytes : 0;
}

std::size_t on_body(char* from, std::size_t size, std::size_t count, void* sink) noexcept {
    const std::size_t bytes = size * count;
    return static_cast<AnswerSink*>(sink)->take_body({from, bytes}) ? bytes : 0;
}

bool has_no_body(int status) {
    return status == 204 || status == 304;
}

} // namespace

void AnswerSink::attach(CurlEasy& easy) {
    easy.set(CURLOPT_HEADERFUNCTION, &on_header);
    easy.set(CURLOPT_HEADERDATA, this);
    easy.set(CURLOPT_WRITEFUNCTION, &on_body);
    easy.set(CURLOPT_WRITEDATA, this);
}

bool AnswerSink::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > header_bytes_max) return false;
    if (line.starts_with("HTTP/")) {
        start_head(line);
    } else if (trimmed(line).empty()) {
        head_.finished = true;
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos && !head_.finished) {
        take_field(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    } // Else a trailer behind the chunks, which changes nothing, or no field at all.
    return true;
}

void AnswerSink::start_head(std::string_view status_line) {
    head_ = Head{};
    const std::size_t space = status_line.find(' ');
    if (space == std::string_view::npos) return;
    head_.status = to_number<int>(status_line.substr(space + 1, 3)).value_or(0);
    head_.framed = !status_line.starts_with("HTTP/1");
}

void AnswerSink::take_field(std::string_view name, std::string_view value) {
    if (same_letters(name, "content-length")) {
        head_.content_length = to_number<std::uint64_t>(value);
    } else if (same_letters(name, "transfer-encoding")) {
        constexpr std::string_view chunked =
            "chunked"; // It is the last of the encodings when there are several.
        head_.framed = value.size() >= chunked.size() &&
                       same_letters(value.substr(value.size() - chunked.size()), chunked);
    } else if (same_letters(name, "retry-after")) {
        head_.retry_after = value;
    } else if (same_letters(name, "date")) {
        head_.date = value;
    } else if (same_letters(name, "content-type")) {
        head_.content_type = value;
    } else if (same_letters(name, "x-request-id")) {
        head_.request_id = value;
    }
}

bool AnswerSink::take_body(std::string_view bytes) {
    body_too_long_ = bytes.size() > body_bytes_max_ - body_.size();
    if (!body_too_long_) body_.append(bytes);
    return !body_too_long_;
}

AnswerSink::State AnswerSink::state() const {
    if (header_bytes_ > header_bytes_max) return State::headers_too_long;
    if (body_too_long_) return State::body_too_long;
    if (head_.status < 200) return State::nothing;
    if (!head_.finished) return State::in_headers;
    if (head_.framed || has_no_body(head_.status)) return State::complete;
    if (!head_.content_length) return State::end_unknown;
    return body_.size() == *head_.content_length ? State::complete : State::cut_off;
}

void AnswerSink::hand_over(HttpAnswer& answer) {
    answer.status = head_.status < 200 ? 0 : head_.status; // An interim answer is none.
    answer.body = std::move(body_);
    answer.retry_after = std::move(head_.retry_after);
    answer.date = std::move(head_.date);
    answer.content_type = std::move(head_.content_type);
    answer.request_id = std::move(head_.request_id);
}

} // namespace reeld
