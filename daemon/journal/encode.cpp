#include "daemon/journal/codec.h"
#include "daemon/journal/stable_names.h"
#include "daemon/journal/timeline.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld {

namespace {

/// Writes the fields of one body.
class FieldWriter {
public:
    void open() { json_.StartObject(); }
    void open(std::string_view name) {
        key(name);
        json_.StartObject();
    }
    void close() { json_.EndObject(); }

    void add(std::string_view name, std::string_view text) {
        key(name);
        string(text);
    }
    void add(std::string_view name, bool value) {
        key(name);
        json_.Bool(value);
    }
    void add(std::string_view name, std::int64_t value) {
        key(name);
        json_.Int64(value);
    }
    void add(std::string_view name, int value) { add(name, std::int64_t{value}); }
    void add(std::string_view name, const std::optional<double>& value) {
        if (!value || !std::isfinite(*value)) return;
        key(name);
        json_.Double(*value);
    }
    void add(std::string_view name, const std::optional<Duration>& value) {
        if (value) add(name, std::int64_t{value->count()});
    }
    /// A provider may name any time; one that no calendar has is cut to the last one that has.
    void add(std::string_view name, WallTime time) {
        add(name, std::int64_t{std::clamp(time.time_since_epoch(), -kTimeMax, kTimeMax).count()});
    }
    void add(std::string_view name, const std::vector<std::string>& texts) {
        key(name);
        json_.StartArray();
        for (const std::string& text : texts) string(text);
        json_.EndArray();
    }
    void add(std::string_view name, const std::vector<event::Execution>& executions) {
        key(name);
        json_.StartArray();
        for (const auto& it : executions) {
            json_.StartObject();
            add("prediction", it.prediction);
            add("created_at_us", it.created_at);
            json_.EndObject();
        }
        json_.EndArray();
    }
    // A literal would rather become a bool than a string_view.
    void add(std::string_view name, const char* text) = delete;

    [[nodiscard]] std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

private:
    void key(std::string_view name) { json_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }
    void string(std::string_view text) {
        const std::string valid = mend_utf8(text.substr(0, kTextBytesMax));
        json_.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> json_{buffer_};
};

void add_error(FieldWriter& out, const ProviderError& error) {
    out.open("error");
    out.add("code", error.code);
    out.add("message", error.message);
    out.add("details", error.details);
    out.close();
}

void add_fields(FieldWriter& out, const event::Started& it) {
    out.add("same_boot", it.same_boot);
}

void add_fields(FieldWriter& out, const event::CreateIntended& it) {
    out.add("attempt", it.attempt);
    out.add("request_id", it.request_id);
    if (it.provider_at) out.add("provider_at_us", *it.provider_at);
    if (!it.webhook.empty()) out.add("webhook", it.webhook);
    if (!it.webhook_secret.empty()) out.add("webhook_secret", it.webhook_secret);
}

void add_fields(FieldWriter& out, const event::CreateNotSent& it) {
    out.add("cause", it.cause);
}

void add_fields(FieldWriter& out, const event::CreateAccepted& it) {
    out.add("prediction", it.prediction);
    if (it.http_status != 0) out.add("http_status", it.http_status);
}

void add_fields(FieldWriter& out, const event::CreateRefused& it) {
    out.add("kind", refusal_name(it.refusal.kind));
    out.add("http_status", it.refusal.http_status);
    add_error(out, it.refusal.error);
    out.add("retry_after_us", it.refusal.retry_after);
}

void add_fields(FieldWriter& out, const event::CreateLost& it) {
    out.add("http_status", it.loss.http_status);
    out.add("cause", it.loss.cause);
    if (!it.loss.named.empty()) out.add("named", it.loss.named);
}

void add_fields(FieldWriter& out, const event::CreateAdopted& it) {
    out.add("prediction", it.prediction);
    out.add("by", settled_by_name(it.by));
}

void add_fields(FieldWriter& out, const event::CreateDismissed& it) {
    out.add("by", settled_by_name(it.by));
    out.add("charged", it.charged);
    out.add("retry_after_us", it.retry_after);
}

void add_fields(FieldWriter& out, const event::CreateHeld& it) {
    out.add("reason", it.reason);
}

void add_fields(FieldWriter& out, const event::CreateSought& it) {
    out.add("suspects", it.suspects);
}

void add_fields(FieldWriter& out, const event::CreateCalled& it) {
    out.add("prediction", it.prediction);
}

void add_fields(FieldWriter& out, const event::PredictionSucceeded& it) {
    out.add("urls", it.rendered.urls);
    out.add("predict_time_s", it.rendered.predict_time_s);
    out.add("cost_usd", it.rendered.cost_usd);
}

void add_fields(FieldWriter& out, const event::PredictionFailed& it) {
    add_error(out, it.failure.error);
    out.add("would_fail_again", it.failure.would_fail_again);
    out.add("predict_time_s", it.failure.predict_time_s);
    out.add("cost_usd", it.failure.cost_usd);
    out.add("retry_after_us", it.retry_after);
}

void add_fields(FieldWriter& out, const event::Reprioritised& it) {
    out.add("priority", int{it.priority});
}

void add_fields(FieldWriter& out, const event::HoursSet& it) {
    out.add("hours", it.hours);
}

void add_fields(FieldWriter&, const event::RetryAsked&) {}
void add_fields(FieldWriter&, const event::BatchAccepted&) {}
void add_fields(FieldWriter&, const event::PredictionCancelled&) {}
void add_fields(FieldWriter&, const event::PredictionOverdue&) {}
void add_fields(FieldWriter&, const event::ManifestWritten&) {}
void add_fields(FieldWriter&, const event::CancelAsked&) {}
void add_fields(FieldWriter&, const event::Paused&) {}
void add_fields(FieldWriter&, const event::Resumed&) {}

// The passing kinds are kept out by the precondition.
void add_fields(FieldWriter&, const event::ListLooked&) {}
void add_fields(FieldWriter&, const event::ListFailed&) {}
void add_fields(FieldWriter&, const event::PollPending&) {}
void add_fields(FieldWriter&, const event::PollFailed&) {}
void add_fields(FieldWriter&, const event::WebhookArrived&) {}

} // namespace

std::string encode_body(const Fact& fact) {
    assert(is_durable(fact));
    FieldWriter out;
    out.open();
    std::visit([&](const auto& it) { add_fields(out, it); }, fact);
    out.close();
    return out.text();
}

} // namespace reeld
