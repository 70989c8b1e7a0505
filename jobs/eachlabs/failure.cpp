#include "jobs/eachlabs/failure.h"

#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/output_urls.h"
#include "jobs/eachlabs/words.h"
#include "jobs/text/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

namespace reeld::eachlabs {
namespace {

using rapidjson::Value;

// The end of a log says why; what stands before it is progress.
constexpr std::size_t kLogBytesMax = 1000;

// Codes of the provider's list of executions, in two groups.
constexpr std::array<std::string_view, 3> kBlamesTheInput = {"content_moderation", "invalid_user_input",
                                                             "invalid_model_config"};
constexpr std::array<std::string_view, 7> kBlamesTheProvider = {
    "execution_timeout",    "provider_auth",  "provider_error", "provider_rate_limit",
    "provider_unavailable", "internal_error", "unknown"};
constexpr std::array<std::string_view, 7> kProviderCategories = {
    "provider", "auth", "rate_limit", "network", "timeout", "internal", "unknown"};

// How models say "moderation" when nothing more formal does. Each is lower case.
constexpr std::array<std::string_view, 9> kModerationWords = {
    "moderat",           "content policy", "nsfw",       "safety",        "risk control",
    "sensitive content", "prohibited",     "flagged as", "inappropriate",
};

const Value& or_null(const Value* value) {
    static const Value null;
    return value == nullptr ? null : *value;
}

// The object that describes the failure: the output itself, or the first element of an output array.
const Value& envelope_of(const Value& body) {
    const Value& output = or_null(member(body, "output"));
    return output.IsArray() && !output.Empty() ? output[0] : output;
}

std::string code_text(const Value* value) {
    if (value == nullptr) return {};
    if (value->IsInt64()) return std::to_string(value->GetInt64());
    return clean_code(string_of(*value));
}

std::string first_code(std::initializer_list<const Value*> candidates) {
    for (const Value* candidate : candidates) {
        if (std::string code = code_text(candidate); !code.empty()) return code;
    }
    return {};
}

std::string code_of(const Value& body, std::string_view category) {
    const Value& envelope = envelope_of(body);
    const Value& classification = or_null(member(envelope, "classification"));
    std::string code = first_code(
        {member(envelope, "error_code"), member(envelope, "code"), member(classification, "code"),
         member(classification, "reason"), member(or_null(member(envelope, "error")), "code"),
         member(body, "error_code"), member(or_null(member(body, "error")), "code"), member(body, "code")});
    if (!code.empty()) return code;
    return category.empty() ? "prediction_failed" : clean_code(category);
}

std::string_view log_end(const Value& body) {
    const std::string_view logs = string_member(body, "logs");
    return logs.size() <= kLogBytesMax ? logs : logs.substr(logs.size() - kLogBytesMax);
}

std::string last_line(std::string_view text) {
    const auto end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) return {};
    text = text.substr(0, end + 1);
    const auto newline = text.find_last_of('\n');
    return clean_text(newline == std::string_view::npos ? text : text.substr(newline + 1), kMessageBytesMax);
}

std::string message_of(const Value& body) {
    const Value& envelope = envelope_of(body);
    if (std::string said = clean_text(string_member(envelope, "error_message"), kMessageBytesMax);
        !said.empty())
        return said;
    for (const Value* speaker : {&envelope, &body}) {
        if (std::string said = words_of(*speaker).message; !said.empty()) return said;
    }
    if (const std::string_view text = string_of(envelope); !is_web_url(text)) {
        if (std::string said = clean_text(text, kMessageBytesMax); !said.empty()) return said;
    }
    for (const Value* speaker : {&envelope, &body}) {
        if (std::string said = clean_text(words_of(*speaker).details, kMessageBytesMax); !said.empty())
            return said;
    }
    std::string said = last_line(log_end(body));
    return said.empty() ? "the provider gave no reason" : said;
}

std::string details_of(const Value& body, std::string_view category, std::string_view message) {
    std::string details;
    const auto add = [&details, message](std::string_view label, std::string_view text) {
        if (text.empty() || text == message) return;
        details += fmt::format("{}{}{}", details.empty() ? "" : "; ", label, text);
    };
    add("", words_of(body).details);
    add("", words_of(envelope_of(body)).details);
    add("category: ", category);
    add("logs: ", clean_text(log_end(body), kDetailsBytesMax));
    return clean_text(details, kDetailsBytesMax);
}

std::optional<bool> truth_of(const Value* value) {
    if (value == nullptr) return std::nullopt;
    if (value->IsBool()) return value->GetBool();
    const std::string word = lower_letters(string_of(*value));
    if (word == "true") return true;
    if (word == "false") return false;
    return std::nullopt;
}

bool would_fail_again(const Value& body, const ProviderError& error, std::string_view category) {
    const std::string code = lower_letters(error.code);
    const std::string kind = lower_letters(category);
    if (kind == "validation" || is_one_of(code, kBlamesTheInput) || is_one_of(kind, kBlamesTheInput))
        return true;

    const Value& envelope = envelope_of(body);
    const Value& classification = or_null(member(envelope, "classification"));
    for (const Value* says :
         {member(envelope, "retryable"), member(classification, "retryable"), member(body, "retryable")}) {
        if (const auto retryable = truth_of(says)) return !*retryable;
    }
    if (is_one_of(kind, kProviderCategories) || is_one_of(code, kBlamesTheProvider)) return false;

    const std::string said = code + ' ' + lower_letters(error.message);
    return std::any_of(kModerationWords.begin(), kModerationWords.end(),
                       [&said](std::string_view word) { return said.find(word) != std::string::npos; });
}

} // namespace

Failure read_failure(const Value& body) {
    const Value& classification = or_null(member(envelope_of(body), "classification"));
    const std::string category = clean_code(string_member(classification, "category"));
    Failure failure;
    failure.error.code = code_of(body, lower_letters(category));
    failure.error.message = message_of(body);
    failure.error.details = details_of(body, category, failure.error.message);
    failure.would_fail_again = would_fail_again(body, failure.error, category);
    return failure;
}

} // namespace reeld::eachlabs
