#include "daemon/journal/learned_model_table.h"

namespace reeld {

LearnedModelTable::LearnedModelTable(Database& db)
    : insert_(db, "INSERT INTO learned_model (slug, schema) VALUES (?, ?) "
                  "ON CONFLICT (slug) DO UPDATE SET schema = excluded.schema"),
      select_(db, "SELECT slug, schema FROM learned_model ORDER BY slug") {}

void LearnedModelTable::set(const std::string& slug, const std::string& schema) {
    insert_.run(slug, schema);
}

std::vector<std::pair<std::string, std::string>> LearnedModelTable::all() {
    std::vector<std::pair<std::string, std::string>> models;
    Rows rows = select_.query();
    while (rows.next()) models.emplace_back(rows.text(0), rows.text(1));
    return models;
}

} // namespace reeld
