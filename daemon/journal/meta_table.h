/// The journal's small facts about itself, by key. Numbers are kept as decimal text.
#pragma once

#include "daemon/journal/sqlite.h"

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

class MetaTable {
public:
    explicit MetaTable(Database& db);

    [[nodiscard]] std::optional<std::string> get(std::string_view key);

    /// The value as a number. Throws StorageError when it is none.
    [[nodiscard]] std::optional<std::int64_t> get_integer(std::string_view key);

    void set(std::string_view key, std::string_view value);

private:
    Statement get_;
    Statement set_;
};

} // namespace reeld
