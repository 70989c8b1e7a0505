#include "jobs/eachlabs/no_news.h"

#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/words.h"

#include <fmt/format.h>

namespace reeld::eachlabs {

NoNews no_news(const Answer& answer, std::string_view missing) {
    NoNews news;
    news.http_status = answer.status;
    news.cause = first_words(answer);
    if (!missing.empty()) news.cause += fmt::format(" ({})", missing);
    news.key_rejected = answer.status == 401 || answer.status == 403;
    const auto body = parse_body(answer.body);
    news.provider_speaks = body && body->IsObject();
    news.unknown_prediction = answer.status == 404 && news.provider_speaks;
    news.retry_after = read_retry_after(answer.retry_after, answer.date);
    return news;
}

} // namespace reeld::eachlabs
