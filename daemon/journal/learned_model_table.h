/// The table `learned_model`: JSON Schemas of models that the provider told us about.
#pragma once

#include "daemon/journal/sqlite.h"

#include <string>
#include <utility>
#include <vector>

namespace reeld {

class LearnedModelTable {
public:
    explicit LearnedModelTable(Database& db);

    /// Adds the model, or replaces its schema.
    void set(const std::string& slug, const std::string& schema);

    /// Slug and schema text, by slug.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> all();

private:
    Statement insert_;
    Statement select_;
};

} // namespace reeld
