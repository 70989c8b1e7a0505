/// Performs the queue's Look at the provider's list of executions.
///
/// What a look asks and what it makes of the answers is ListLook's; this one sends and records. Threading:
/// the loop's. Borrows its parts.
#pragma once

#include "daemon/app/list_look.h"
#include "daemon/app/provider_http.h"

#include <functional>
#include <map>
#include <string>

namespace reeld {

class ListLooks {
public:
    ListLooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
              std::function<void(Fact)> record);
    ListLooks(const ListLooks&) = delete;
    ListLooks& operator=(const ListLooks&) = delete;

    /// Begins a look at the model's executions, which ends with ListLooked or ListFailed. None of this model
    /// may be under way.
    void look(const std::string& model);

private:
    void go_on(std::map<std::string, ListLook>::iterator look);

    Loop& loop_;
    ProviderHttp& provider_;
    const Journal& journal_;
    const Ledger& ledger_;
    std::function<void(Fact)> record_;
    std::map<std::string, ListLook> looks_; ///< Under way, by model.
    std::map<std::string, NobodysInputs> inputs_;
};

} // namespace reeld
