/// Looks through the provider's list of executions for creates whose answer was lost.
///
/// Performs the queue's Look: reads the list of one model page by page, asks each execution that the journal
/// does not know for its input, and reports what was seen as one fact. It decides nothing: which execution
/// is whose, and what absence proves, is the queue's.
///
/// Threading: the loop's. Borrows its parts.
#pragma once

#include "daemon/app/provider_http.h"
#include "daemon/journal/journal.h"
#include "jobs/queue/ledger.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

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
    /// An execution that the journal does not know, as the list has it.
    struct Candidate {
        std::string prediction;
        WallTime created_at;
    };
    /// A look under way.
    struct Round {
        event::ListLooked seen;
        std::optional<WallTime>
            from; ///< Older executions cannot be ours; asked of the list when it is known.
        std::optional<WallTime> asked_from;
        std::size_t offset = 0;
        std::string last_id; ///< Of the page before: the next one must show it again.
        std::vector<Candidate> candidates;
        std::size_t next_candidate = 0; ///< The first whose input may have to be asked for.
        std::size_t inputs_asked = 0;
    };
    using RoundIt = std::map<std::string, Round>::iterator;

    void ask_page(RoundIt round);
    void on_page(RoundIt round, const HttpAnswer& answer);
    bool take_page(Round& round, const eachlabs::ExecutionPage& page);
    void fail(RoundIt round, int http_status, std::string cause, std::optional<Duration> retry_after);
    void ask_next_input(RoundIt round);
    void on_input(RoundIt round, const HttpAnswer& answer);
    void report(RoundIt round);
    [[nodiscard]] std::map<ShotRef, std::string> inputs_in_question(const std::string& model) const;

    Loop& loop_;
    ProviderHttp& provider_;
    const Journal& journal_;
    const Ledger& ledger_;
    std::function<void(Fact)> record_;
    std::map<std::string, Round> rounds_; ///< By model.
    /// Canonical inputs of executions that are nobody's so far, so that each is asked for once; by model.
    std::map<std::string, std::map<std::string, std::string>> inputs_;
};

} // namespace reeld
