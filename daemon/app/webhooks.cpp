#include "daemon/app/webhooks.h"

#include "daemon/random_hex.h"

namespace reeld {

Webhooks::Webhooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
                   std::string public_url, Reports reports)
    : loop_(loop), provider_(provider), public_url_(std::move(public_url)), reports_(std::move(reports)),
      arrivals_(journal, ledger) {}

std::string Webhooks::new_secret() const {
    return public_url_.empty() ? std::string{} : random_hex();
}

eachlabs::WebhookWish Webhooks::wish(const std::string& token, const std::string& secret) const {
    if (public_url_.empty() || token.empty()) return {};
    return {.url = public_url_ + '/' + token, .secret = secret};
}

bool Webhooks::arrived(const WebhookCall& call) {
    const bool known = arrivals_.arrived(call, loop_.now().at);
    if (known) reports_.wake();
    return known;
}

void Webhooks::record_due() {
    while (auto fact = arrivals_.next_fact()) reports_.record(*std::move(fact));
}

void Webhooks::ask_due() {
    while (auto question = arrivals_.next_question(loop_.now().at)) {
        provider_.ask(eachlabs::poll_call(question->prediction),
                      [this, question = *question](HttpAnswer&& answer) { answered(question, answer); });
    }
}

// Called by the transfer that ended, where nobody waits for an exception.
void Webhooks::answered(const WebhookArrivals::Question& question, const HttpAnswer& answer) {
    try {
        if (auto fact = arrivals_.answered(question, answer, loop_.now().at))
            return reports_.record(*std::move(fact));
        reports_.wake(); // It may have to be asked again.
    } catch (const JournalError& error) {
        reports_.journal_failed(error.what());
    }
}

} // namespace reeld
