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
    struct Reports {
        std::function<void(Fact)> record;
        /// The journal could not be read, and why; the look ends nowhere, and the program should.
        std::function<void(const std::string& why)> journal_failed;
    };

    ListLooks(Loop& loop, ProviderHttp& provider, const Journal& journal, const Ledger& ledger,
              Reports reports);
    ListLooks(const ListLooks&) = delete;
    ListLooks& operator=(const ListLooks&) = delete;

    /// Begins the look, which ends with ListLooked or ListFailed. None of its model may be under way.
    void look(const action::Look& wanted);

private:
    using Look = std::map<std::string, ListLook>::iterator;
    void go_on(Look look);
    void take(Look look, const HttpAnswer& answer);

    Loop& loop_;
    ProviderHttp& provider_;
    const Journal& journal_;
    const Ledger& ledger_;
    Reports reports_;
    std::map<std::string, ListLook> looks_; ///< Under way, by model.
    std::map<std::string, NobodysInputs> inputs_;
};

} // namespace reeld
