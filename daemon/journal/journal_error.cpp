#include "daemon/journal/journal_error.h"

#include <fmt/format.h>

namespace reeld {

JournalError unreadable_journal(const std::filesystem::path& file, const std::string& cause) {
    return {
        JournalError::Kind::other,
        fmt::format("the journal {0} cannot be read: {1}. It was left as it is. Restore it from a backup; "
                    "or, to start with an empty one, move the folder {2} aside: predictions that are "
                    "running or paid for are then unknown to reeld, and their storyboards would be "
                    "rendered and billed again",
                    file.native(), cause, file.parent_path().native())};
}

} // namespace reeld
