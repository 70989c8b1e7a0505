/// Hands an entry with fields of its own to the system's journal (source: sd_journal_sendv(3)).
///
/// Threading: any. Blocks while journald is behind, as writing a line to it would.
#pragma once

#include <string>
#include <vector>

namespace reeld {

/// `fields`: "NAME=value", the name in capitals, the value of any bytes. False when there is no journal, or
/// it does not take the entry.
[[nodiscard]] bool send_to_journal(const std::vector<std::string>& fields);

} // namespace reeld
