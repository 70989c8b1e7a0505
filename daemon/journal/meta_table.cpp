#include "daemon/journal/meta_table.h"

#include "jobs/text/number.h"

#include <fmt/format.h>

namespace reeld {

MetaTable::MetaTable(Database& db)
    : get_(db, "SELECT value FROM meta WHERE key = ?"),
      set_(db, "INSERT INTO meta (key, value) VALUES (?, ?) "
               "ON CONFLICT (key) DO UPDATE SET value = excluded.value") {}

std::optional<std::string> MetaTable::get(std::string_view key) {
    Rows rows = get_.query(key);
    if (!rows.next()) return std::nullopt;
    return std::string(rows.text(0));
}

std::optional<std::int64_t> MetaTable::get_integer(std::string_view key) {
    const std::optional<std::string> text = get(key);
    if (!text) return std::nullopt;
    const auto value = to_number<std::int64_t>(*text);
    if (!value) throw damaged(fmt::format("meta.{} is not a number: {}", key, *text));
    return value;
}

void MetaTable::set(std::string_view key, std::string_view value) {
    set_.run(key, value);
}

} // namespace reeld
