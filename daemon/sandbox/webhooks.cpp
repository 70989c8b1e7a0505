#include "daemon/sandbox/webhooks.h"

#include "jobs/storyboard/ip_address.h"

namespace reeld::sandbox {

namespace {

/// How far apart attempts are, and how late a late webhook can be, both before `--speed`.
constexpr Duration kBetweenAttempts = std::chrono::seconds{10};
constexpr Duration kWebhookLatenessMax = std::chrono::seconds{60};

} // namespace

bool is_loopback_url(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    if (!url.starts_with(kScheme)) return false;
    url.remove_prefix(kScheme.size());
    const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    if (authority == "[::1]" || authority.starts_with("[::1]:")) return authority.find('@') == authority.npos;
    const std::string_view host = authority.substr(0, authority.find(':'));
    if (authority.find('@') != authority.npos) return false;
    const auto v4 = parse_ipv4(host);
    return host == "localhost" || (v4 && v4->front() == 127);
}

void Webhooks::plan(const Plan& plan) {
    const auto add = [&](Instant at, WebhookKind kind) {
        due_.emplace(at, WebhookAttempt{.prediction = plan.prediction, .kind = kind});
    };
    const Instant midway = plan.created + (plan.ends - plan.created) / 2;
    switch (plan.misbehaviour) {
    case Misbehaviour::webhook_lost: return;
    case Misbehaviour::webhook_late: {
        const auto most = static_cast<double>(kWebhookLatenessMax.count());
        return add(plan.ends + scaled(Duration{static_cast<Duration::rep>(most * plan.lateness)}),
                   WebhookKind::end);
    }
    case Misbehaviour::webhook_doubled: add(plan.ends, WebhookKind::end); break;
    case Misbehaviour::webhook_forged:
        add(midway, WebhookKind::wrong_secret);
        add(midway, WebhookKind::wrong_path);
        break;
    default: break;
    }
    add(plan.ends, WebhookKind::end);
    if (plan.misbehaviour == Misbehaviour::webhook_reordered) add(plan.ends, WebhookKind::processing);
}

std::optional<WebhookAttempt> Webhooks::take_due(Instant now) {
    if (next_due() > now) return std::nullopt;
    return due_.extract(due_.begin()).mapped();
}

Instant Webhooks::next_due() const {
    return due_.empty() ? Instant::max() : due_.begin()->first;
}

void Webhooks::failed(const WebhookAttempt& attempt, Instant now) {
    if (attempt.number >= kAttempts || is_forged(attempt.kind)) return;
    WebhookAttempt next = attempt;
    ++next.number;
    due_.emplace(now + scaled(kBetweenAttempts), std::move(next));
}

Duration Webhooks::scaled(Duration duration) const {
    return Duration{static_cast<Duration::rep>(static_cast<double>(duration.count()) / speed_)};
}

} // namespace reeld::sandbox
