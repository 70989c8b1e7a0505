#include "daemon/supervisor/journal_entry.h"

#include <algorithm>
#include <iterator>
#include <unistd.h>

// The place in this source says nothing about the event.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace reeld {

namespace {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

} // namespace

bool send_to_journal(const std::vector<std::string>& fields) {
    // Without one, sd_journal_sendv() drops the entry and says that all went well.
    if (::access(kJournalSocket, F_OK) != 0) return false;
    std::vector<iovec> parts;
    std::ranges::transform(fields, std::back_inserter(parts), [](const std::string& field) {
        // The journal only reads it.
        return iovec{.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()};
    });
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) >= 0;
}

} // namespace reeld
