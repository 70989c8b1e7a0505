#include "daemon/app/list_looks.h"

#include <utility>

namespace reeld {

ListLooks::ListLooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
                     Reports reports)
    : loop_(loop), provider_(provider), journal_(journal), ledger_(ledger), reports_(std::move(reports)) {}

void ListLooks::look(const action::Look& wanted) {
    const Instant now = loop_.now().at;
    const ListLook::Parts parts{.journal = journal_, .ledger = ledger_, .inputs = inputs_[wanted.model]};
    go_on(looks_.try_emplace(wanted.model, parts, wanted, now, provider_.clock().earliest(now)).first);
}

void ListLooks::go_on(Look look) {
    auto next = look->second.next();
    if (auto* fact = std::get_if<Fact>(&next)) {
        looks_.erase(look);
        return reports_.record(std::move(*fact));
    }
    provider_.ask(std::get<eachlabs::Call>(next), [this, look](HttpAnswer&& answer) { take(look, answer); });
}

// Called by the transfer that ended, where nobody waits for an exception.
void ListLooks::take(Look look, const HttpAnswer& answer) {
    try {
        look->second.take(answer, loop_.now().at);
        go_on(look);
    } catch (const JournalError& error) {
        reports_.journal_failed(error.what());
    }
}

} // namespace reeld
