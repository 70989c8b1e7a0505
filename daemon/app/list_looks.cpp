#include "daemon/app/list_looks.h"

#include <utility>

namespace reeld {

ListLooks::ListLooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
                     std::function<void(Fact)> record)
    : loop_(loop), provider_(provider), journal_(journal), ledger_(ledger), record_(std::move(record)) {}

void ListLooks::look(const std::string& model) {
    const Instant now = loop_.now().at;
    const ListLook::Parts parts{.journal = journal_, .ledger = ledger_, .inputs = inputs_[model]};
    go_on(looks_.try_emplace(model, parts, model, now, provider_.clock().at(now)).first);
}

void ListLooks::go_on(std::map<std::string, ListLook>::iterator look) {
    auto next = look->second.next();
    if (auto* fact = std::get_if<Fact>(&next)) {
        looks_.erase(look);
        return record_(std::move(*fact));
    }
    provider_.ask(std::get<eachlabs::Call>(next), [this, look](HttpAnswer&& answer) {
        look->second.take(answer, loop_.now().at);
        go_on(look);
    });
}

} // namespace reeld
