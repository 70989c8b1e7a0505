/// Schemas of models that the catalog does not know: learned from the provider, once.
#pragma once

#include "daemon/journal/journal.h"
#include "daemon/net/http.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace reeld {

/// Asks GET /model?slug= (which is public: no key is sent) and keeps the schema in the journal. A model that
/// could not be had is not asked for again while the program runs; its shots are passed through as they are
/// typed.
///
/// Threading: the loop's. Borrows its parts.
class ModelLookup {
public:
    ModelLookup(Http& http, Journal& journal, std::string base_url)
        : http_(http), journal_(journal), base_url_(std::move(base_url)) {}

    /// Those of `slugs` that were not asked for yet.
    [[nodiscard]] std::vector<std::string> worth_asking(const std::vector<std::string>& slugs) const;

    /// Asks for each slug; calls `done` when all were answered, with whether anything was learned. What was
    /// learned is in the journal then (durable with its next commit).
    void ask(const std::vector<std::string>& slugs, std::function<void(bool learned)> done);

private:
    Http& http_;
    Journal& journal_;
    std::string base_url_;
    std::set<std::string> asked_;
};

} // namespace reeld
