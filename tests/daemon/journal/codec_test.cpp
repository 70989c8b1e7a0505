#include "daemon/journal/codec.h"
#include "daemon/journal/timeline.h"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <limits>

using namespace reeld;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr ShotRef kShot{.batch = 7, .index = 3};
constexpr ShotRef kBatchOnly{.batch = 7, .index = 0};

ShotRef subject_of(const Fact& fact) {
    return shot_of(fact) != nullptr ? kShot : kBatchOnly;
}

DecodedFact round_trip(const Fact& fact) {
    return decode_fact(kind_name(fact), subject_of(fact), encode_body(fact));
}

/// One durable fact of each kind, with `text` wherever the provider's or the network's words stand.
std::vector<Fact> facts_with(const std::string& text) {
    const ProviderError error{.code = text, .message = text, .details = text};
    event::BatchAccepted accepted;
    accepted.batch.key = kBatchOnly.batch;
    return {
        event::Started{.same_boot = true},
        accepted,
        event::CreateIntended{
            .shot = kShot, .attempt = 2, .request_id = text, .provider_at = WallTime{Duration{17}}},
        event::CreateNotSent{.shot = kShot, .cause = text},
        event::CreateAccepted{.shot = kShot, .prediction = text, .http_status = 201},
        event::CreateRefused{kShot, {RefusalKind::too_many_running, 429, error, Duration{17s}}},
        event::CreateLost{.shot = kShot, .loss = {.http_status = 502, .cause = text}},
        event::CreateAdopted{.shot = kShot, .prediction = text, .by = SettledBy::person},
        event::CreateDismissed{
            .shot = kShot, .by = SettledBy::list, .charged = true, .retry_after = Duration{1}},
        event::CreateHeld{.shot = kShot, .reason = text},
        event::CreateSought{kShot, {{text, WallTime{Duration{-17}}}, {text, WallTime{kTimeMax}}}},
        event::CreateCalled{kShot, text},
        event::PredictionSucceeded{kShot, {.urls = {text, text}, .predict_time_s = 0.1, .cost_usd = 1.0 / 3}},
        event::PredictionFailed{kShot, {error, true, 1e-300, 5e300}},
        event::PredictionCancelled{.shot = kShot},
        event::PredictionOverdue{.shot = kShot},
        event::ManifestWritten{.batch = kBatchOnly.batch},
        event::CancelAsked{.shot = kShot},
        event::Reprioritised{.batch = kShot.batch, .priority = 100},
        event::HoursSet{.batch = kShot.batch, .hours = "22:00-06:00"},
        event::RetryAsked{.shot = kShot},
        event::Paused{.batch = kBatchOnly.batch},
        event::Resumed{.batch = kBatchOnly.batch},
    };
}

std::string error_of(std::string_view kind, std::string_view body) {
    const DecodedFact decoded = decode_fact(kind, kShot, body);
    CHECK(decoded.fact.has_value() == decoded.error.empty());
    return decoded.error;
}

} // namespace

TEST_CASE("every durable kind comes back from its body with awkward text in it") {
    const std::string all_controls = [] {
        std::string text;
        for (char c = 0; c < 0x20; ++c) text += c;
        return text;
    }();
    for (const std::string& text : {"plain"s, ""s, "\"quoted\" \\ / </script>"s, "nul\0inside"s, all_controls,
                                    "caf\u00E9 \u2028 \U0001F3AC"s, std::string(100'000, 'x')}) {
        for (const Fact& fact : facts_with(text)) {
            CAPTURE(kind_name(fact));
            const DecodedFact decoded = round_trip(fact);
            CHECK(decoded.error == "");
            CHECK(decoded.fact == fact);
        }
    }
}

TEST_CASE("the sample of facts has every durable kind") {
    // Without news of polls and looks, and webhooks.
    std::size_t durable_kinds = std::variant_size_v<Fact> - 5;
    CHECK(facts_with("").size() == durable_kinds);
}

TEST_CASE("invalid UTF-8 is replaced when it is encoded, so that the journal stays readable") {
    const std::vector<Fact> bad = facts_with("a\xFF\xED\xA0\x80z");
    const std::vector<Fact> mended = facts_with("a\uFFFD\uFFFD\uFFFD\uFFFDz");
    for (std::size_t i = 0; i < bad.size(); ++i) CHECK(round_trip(bad[i]).fact == mended[i]);
}

TEST_CASE("a text beyond its limit is cut when it is encoded, so that the journal stays readable") {
    const Fact fact = event::CreateNotSent{.shot = kShot, .cause = std::string(kTextBytesMax + 1, '\1')};
    const DecodedFact decoded = round_trip(fact);
    REQUIRE(decoded.fact.has_value());
    CHECK(std::get<event::CreateNotSent>(*decoded.fact).cause.size() == kTextBytesMax);
}

TEST_CASE("a time beyond the calendar's end is cut to it, so that the journal stays readable") {
    for (const Duration beyond : {kTimeMax + 1us, Duration::max(), -kTimeMax - 1us, Duration::min()}) {
        const WallTime cut{beyond > Duration::zero() ? kTimeMax : -kTimeMax};
        const Fact sought = event::CreateSought{kShot, {{"p", WallTime{beyond}}}};
        CHECK(round_trip(sought).fact == Fact{event::CreateSought{kShot, {{"p", cut}}}});
        const Fact intended = event::CreateIntended{kShot, 1, "r", WallTime{beyond}};
        CHECK(round_trip(intended).fact == Fact{event::CreateIntended{kShot, 1, "r", cut}});
    }
}

TEST_CASE("a number that JSON cannot hold is left out") {
    for (const double number :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        const Fact fact = event::PredictionSucceeded{kShot, {{"u"}, number, number}};
        CHECK(round_trip(fact).fact == Fact{event::PredictionSucceeded{kShot, {{"u"}, {}, {}}}});
    }
}

TEST_CASE("a zero stays a zero whatever its exponent") {
    for (const char* zero : {"0", "0.0", "-0.0", "0e-30", "0.000e-300", "0E300", "0e-324"}) {
        const std::string body = fmt::format(R"({{"urls":["u"],"cost_usd":{}}})", zero);
        CHECK(decode_fact("prediction_succeeded", kShot, body).fact ==
              Fact{event::PredictionSucceeded{kShot, {{"u"}, {}, 0.0}}});
    }
}

TEST_CASE("a number that no double holds is an error") {
    CHECK(error_of("prediction_succeeded", R"({"urls":["u"],"cost_usd":1e400})") != "");
}

TEST_CASE("the extremes of a number come back") {
    const Fact fact = event::CreateRefused{
        kShot, {RefusalKind::too_fast, std::numeric_limits<int>::min(), {}, Duration::max()}};
    CHECK(round_trip(fact).fact == fact);
}

TEST_CASE("every kind of refusal has a name of its own") {
    for (int kind = 0; kind <= static_cast<int>(RefusalKind::too_fast); ++kind) {
        const Fact fact = event::CreateRefused{kShot, {static_cast<RefusalKind>(kind), 400, {}, {}}};
        CHECK(round_trip(fact).fact == fact);
    }
}

TEST_CASE("a field without which an event means nothing is missed by its name") {
    CHECK(error_of("create_intended", "{}") == "the field attempt is missing");
    CHECK(error_of("create_accepted", R"({"prediction":null})") == "the field prediction is missing");
    CHECK(error_of("prediction_succeeded", "{}") == "the field urls is missing");
    CHECK(error_of("create_refused", "{}") == "\"\" is no kind of refusal");
    CHECK(error_of("create_refused", R"({"kind":"bored"})") == "\"bored\" is no kind of refusal");
    CHECK(error_of("create_refused", R"({"kind":"\u001b[2J"})") == R"("\x1b[2J" is no kind of refusal)");
}

TEST_CASE("a field of the wrong type is named") {
    CHECK(error_of("create_accepted", R"({"prediction":5})") == "the field prediction is not a string");
    CHECK(error_of("create_intended", R"({"attempt":"1"})") ==
          "the field attempt is not an integer of 32 bits");
    CHECK(error_of("create_intended", R"({"attempt":5000000000})") ==
          "the field attempt is not an integer of 32 bits");
    CHECK(error_of("started", R"({"same_boot":1})") == "the field same_boot is not true or false");
    CHECK(error_of("prediction_succeeded", R"({"urls":"u"})") == "the field urls is not an array of strings");
    CHECK(error_of("prediction_succeeded", R"({"urls":[1]})") == "the field urls is not an array of strings");
    CHECK(error_of("prediction_succeeded", R"({"urls":["u"],"cost_usd":"1"})") ==
          "the field cost_usd is not a number");
    CHECK(error_of("prediction_failed", R"({"error":[]})") == "the field error is not an object");
    CHECK(error_of("create_refused", R"({"kind":"too_fast","retry_after_us":1.5})") ==
          "the field retry_after_us is not an integer of 64 bits");
}

TEST_CASE("any bytes for a body are an error or a fact, never a crash") {
    for (const std::string& body :
         {""s, "x"s, "[]"s, "null"s, "{"s, "{\"cause\":\"\xFF\"}"s, "{\"cause\":\"\\ud800\"}"s,
          "{\"cause\":\"\\udfac\"}"s, "{\"\\udfac\":1}"s, "{} x"s,
          "{\"cause\":"s + std::string(1'000'000, '['), std::string(1'000'000, '{'), "\0"s}) {
        CHECK(error_of("create_not_sent", body) != "");
    }
    CHECK(error_of("create_not_sent", std::string(kBodyBytesMax + 1, ' ')) == "the body is too long");
}

TEST_CASE("a kind that nobody wrote is an error, and so is one that never belongs in a journal") {
    for (const char* kind : {"", "created", "poll_pending", "poll_failed", "STARTED"}) {
        CHECK(error_of(kind, "{}") == "this reeld knows no such kind");
    }
}
