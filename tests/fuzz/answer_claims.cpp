#include "tests/fuzz/answer_claims.h"

#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/canonical_json.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/output_urls.h"
#include "jobs/eachlabs/words.h"
#include "jobs/storyboard/catalog.h"
#include "jobs/text/utf8.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/storyboard_claims.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace reeld::test {

namespace {

using namespace eachlabs;

/// A cause is a message behind "HTTP 502: ", and may name a prediction after it.
constexpr std::size_t kCauseBytesMax = kMessageBytesMax + kPredictionIdBytesMax + 60;

/// Every type that YAML can give to a parameter, for a schema to accept or refuse.
constexpr std::string_view kStoryboard = R"(model: hostile
defaults: { duration: 5, cfg_scale: 0.5, generate_audio: true }
shots:
  - a plain prompt
  - { prompt: 10, duration: "x", image_url: "http://localhost", multi_prompt: [{ duration: 1 }, b] }
  - { prompt: ~, list: [1, 2.5, [], {}], aspect_ratio: 16:9, shot_type: {a: b}, unheard_of: -7 }
  - { input: { id: yes, model: 0x10 }, cfg_scale: .inf }
)";

Answer answer_of(std::string_view input) {
    Answer answer;
    const std::string_view status = take_line(input);
    std::from_chars(status.data(), status.data() + status.size(), answer.status);
    answer.retry_after = take_line(input);
    answer.date = take_line(input);
    answer.body = input;
    return answer;
}

bool is_success(int status) {
    return status >= 200 && status <= 299;
}

void check_words(std::string_view text, std::size_t bytes_max, std::string_view claim, Claims& claims) {
    claims.check(is_one_line(text) && text.size() <= bytes_max, claim, text);
}

void check_error(const ProviderError& error, Claims& claims) {
    check_words(error.code, kCodeBytesMax, "a code is a word", claims);
    check_words(error.message, kCauseBytesMax, "a message is fit to be shown", claims);
    if (error.details.empty()) return;
    check_words(error.details, kDetailsBytesMax, "details are fit to be shown", claims);
}

void check_wait(const std::optional<Duration>& wait, Claims& claims) {
    claims.check(!wait || (*wait >= Duration::zero() && *wait <= kRetryAfterMax), "a wait is believable");
}

/// The ids that a body offers, by another way than the reader's.
std::set<std::string_view> ids_in(const rapidjson::Document& body) {
    std::set<std::string_view> ids;
    if (!body.IsObject()) return ids;
    for (const auto& entry : body.GetObject()) {
        const std::string_view name = string_of(entry.name);
        if (name == "predictionID" || name == "prediction_id" || name == "id")
            ids.insert(string_of(entry.value));
    }
    return ids;
}

bool is_id(std::string_view id) {
    return id.size() <= kPredictionIdBytesMax && id.find_first_not_of("./") != std::string_view::npos &&
           std::all_of(id.begin(), id.end(), [](char c) { return c >= '!' && c <= '~'; });
}

void check_create(const Answer& answer, Claims& claims) {
    const CreateVerdict verdict = read_create(answer);
    const auto body = parse_body(answer.body);
    const std::set<std::string_view> ids = body ? ids_in(*body) : std::set<std::string_view>{};
    const bool accepts = answer.status >= 200 && answer.status <= 202;
    if (const auto* accepted = std::get_if<Accepted>(&verdict)) {
        claims.check(accepts, "only a 200, 201 or 202 accepts a create");
        claims.check(is_id(accepted->prediction), "an id is printable", accepted->prediction);
        claims.check(ids.contains(accepted->prediction), "an id is the body's own", accepted->prediction);
        return;
    }
    // A repeated name is settled by its first value; the claim is about bodies that leave no doubt.
    const bool one_id = ids.size() == 1 && is_id(*ids.begin());
    claims.check(!accepts || !one_id, "an answer that names its prediction is accepted", answer.body);
    constexpr std::array kRefusing = {400, 401, 402, 403, 404, 422, 429};
    const bool may_refuse = std::find(kRefusing.begin(), kRefusing.end(), answer.status) != kRefusing.end();
    if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
        claims.check(may_refuse, "a refusal is certain that nothing was created", answer.body);
        claims.check(refusal->http_status == answer.status, "a refusal has the answer's status");
        check_error(refusal->error, claims);
        check_wait(refusal->retry_after, claims);
        return;
    }
    const auto& loss = std::get<Loss>(verdict);
    claims.check(loss.http_status == answer.status, "a loss has the answer's status");
    check_words(loss.cause, kCauseBytesMax, "a loss has a cause", claims);
    if (one_id)
        claims.check(loss.cause.find(*ids.begin()) != std::string::npos, "a loss names what may be lost",
                     loss.cause);
}

void check_measure(const std::optional<double>& number, Claims& claims) {
    claims.check(!number || (std::isfinite(*number) && *number >= 0), "a measure is a number from 0 up");
}

void check_rendered(const Rendered& rendered, Claims& claims) {
    claims.check(!rendered.urls.empty() && rendered.urls.size() <= kUrlsMax, "a success has URLs");
    const std::set<std::string_view> unique(rendered.urls.begin(), rendered.urls.end());
    claims.check(unique.size() == rendered.urls.size(), "a URL stands once");
    for (const std::string& url : rendered.urls) {
        claims.check(is_web_url(url) && is_one_line(url), "a URL is one that scripts can open", url);
    }
    check_measure(rendered.predict_time_s, claims);
    check_measure(rendered.cost_usd, claims);
}

void check_no_news(const NoNews& none, const Answer& answer, Claims& claims) {
    claims.check(none.http_status == answer.status, "no news has the answer's status");
    claims.check(none.key_rejected == (answer.status == 401 || answer.status == 403),
                 "a rejected key is told");
    claims.check(!none.unknown_prediction || answer.status == 404, "only a 404 knows no prediction");
    check_words(none.cause, kCauseBytesMax, "no news has a cause", claims);
    check_wait(none.retry_after, claims);
}

void check_poll(const Answer& answer, Claims& claims) {
    const PollVerdict verdict = read_poll(answer);
    if (const auto* none = std::get_if<NoNews>(&verdict)) return check_no_news(*none, answer, claims);
    claims.check(is_success(answer.status), "only a 2xx is news");
    if (const auto* rendered = std::get_if<Rendered>(&verdict)) check_rendered(*rendered, claims);
    if (const auto* pending = std::get_if<Pending>(&verdict)) {
        check_words(pending->status, kCodeBytesMax, "a status is a word", claims);
    }
    if (const auto* failure = std::get_if<Failure>(&verdict)) {
        check_error(failure->error, claims);
        check_measure(failure->predict_time_s, claims);
        check_measure(failure->cost_usd, claims);
    }
}

void check_list(const Answer& answer, Claims& claims) {
    const ListVerdict verdict = read_list(answer);
    if (const auto* none = std::get_if<NoNews>(&verdict)) {
        claims.check(!none->unknown_prediction, "a list is not asked for a prediction");
        return check_no_news(*none, answer, claims);
    }
    const auto& page = std::get<ExecutionPage>(verdict);
    claims.check(answer.status == 200, "only a 200 has a list");
    const bool all_read = page.executions.size() == page.rows;
    claims.check(page.executions.size() <= page.rows && (all_read || page.unreadable),
                 "a row that cannot be read is told");
    for (const Execution& execution : page.executions) {
        claims.check(!execution.id.empty() && is_id(execution.id), "an id is printable", execution.id);
    }
}

/// A byte order mark stands before everything, or is none.
std::string with_space_around(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    const bool marked = text.starts_with(kByteOrderMark);
    const std::string_view rest = marked ? text.substr(kByteOrderMark.size()) : text;
    return fmt::format("{} \r\n{}\r\n", marked ? kByteOrderMark : "", rest);
}

/// What decides whose a prediction is: the canonical text has one form, whatever stands around it.
void check_canonical(std::string_view text, Claims& claims) {
    const std::optional<std::string> canonical = canonical_json(text);
    claims.check(!canonical || parse_body(text), "what has a canonical text is a body", text);
    claims.check(canonical_json(with_space_around(text)) == canonical, "white space changes no value", text);
    if (!canonical) return;
    claims.check(canonical_json(*canonical) == canonical, "a canonical text is its own", *canonical);
    claims.check(!first_invalid_utf8(*canonical), "a canonical text is UTF-8", *canonical);
}

void check_echo(const Answer& answer, Claims& claims) {
    check_canonical(answer.body, claims);
    const EchoVerdict verdict = read_echo(answer, "p");
    if (const auto* none = std::get_if<NoNews>(&verdict)) {
        const auto input = canonical_member(answer.body, "input");
        const bool has_input =
            is_success(answer.status) && input && input->starts_with('{') && !tells_of_another(answer, "p");
        claims.check(!has_input, "an input that came back is read", answer.body);
        return check_no_news(*none, answer, claims);
    }
    const std::string& input = std::get<Echo>(verdict).input;
    claims.check(is_success(answer.status), "only a 2xx has an input");
    claims.check(input.starts_with('{') && canonical_json(input) == input, "an input is a canonical object",
                 input);
}

void check_model(const Answer& answer, Claims& claims) {
    const ModelVerdict verdict = read_model(answer);
    claims.check(verdict.schema.empty() != verdict.error.empty(), "there is a schema, or an error");
    claims.check(!verdict.unknown_model || answer.status == 404, "only a 404 knows no model");
    if (!verdict.error.empty())
        return check_words(verdict.error, kCauseBytesMax, "an error is shown", claims);
    claims.check(answer.status == 200, "only a 200 has a schema");
    const auto schema = parse_body(verdict.schema);
    claims.check(schema && schema->IsObject(), "a schema is a JSON object", verdict.schema);

    Catalog catalog;
    if (const auto error = catalog.learn("hostile", verdict.schema)) {
        claims.check(is_one_line(*error), "why a schema cannot be used is fit to be shown", *error);
    }
    const std::string broken = broken_storyboard_claim(kStoryboard, catalog);
    claims.check(broken.empty(), "a hostile schema breaks nothing", broken);
}

void check_retry_after(const Answer& answer, Claims& claims) {
    const auto wait = read_retry_after(answer.retry_after, answer.date);
    check_wait(wait, claims);
    const auto without_date = read_retry_after(answer.retry_after, {});
    claims.check(!without_date || wait == without_date, "seconds need no date", answer.retry_after);
    const auto since_itself = read_retry_after(answer.retry_after, answer.retry_after);
    claims.check(without_date || !since_itself || *since_itself == Duration::zero(),
                 "no time passes between a date and itself", answer.retry_after);
}

std::string in_words(const CreateVerdict& verdict) {
    if (const auto* accepted = std::get_if<Accepted>(&verdict)) return accepted->prediction;
    if (const auto* loss = std::get_if<Loss>(&verdict)) return "loss " + loss->cause;
    const ProviderError& error = std::get<Refusal>(verdict).error;
    return fmt::format("{}|{}|{}", error.code, error.message, error.details);
}

std::string in_words(const PollVerdict& verdict) {
    if (const auto* rendered = std::get_if<Rendered>(&verdict))
        return fmt::format("{}", fmt::join(rendered->urls, " "));
    if (const auto* pending = std::get_if<Pending>(&verdict)) return "pending " + pending->status;
    if (const auto* none = std::get_if<NoNews>(&verdict)) return "no news " + none->cause;
    if (std::holds_alternative<Cancelled>(verdict)) return "cancelled";
    const auto& [error, again, time, cost] = std::get<Failure>(verdict);
    return fmt::format("{}|{}|{}|{}", error.code, error.message, error.details, again);
}

void check_white_space(const Answer& answer, Claims& claims) {
    const std::string padded = with_space_around(answer.body);
    Answer around = answer;
    around.body = padded;
    claims.check(in_words(read_create(around)) == in_words(read_create(answer)),
                 "white space changes no create");
    claims.check(in_words(read_poll(around)) == in_words(read_poll(answer)), "white space changes no poll");
}

} // namespace

std::string broken_answer_claim(std::string_view input) {
    const Answer answer = answer_of(input);
    Claims claims;
    check_create(answer, claims);
    check_poll(answer, claims);
    check_list(answer, claims);
    check_echo(answer, claims);
    check_model(answer, claims);
    check_retry_after(answer, claims);
    check_white_space(answer, claims);
    return claims.broken();
}

} // namespace reeld::test
