/// Is a file a text that YAML can be read from: UTF-8, of the characters that YAML takes (no controls but
/// tab, line ends and U+0085, neither U+FFFE nor U+FFFF; YAML 1.2.2, section 5.1).
///
/// Checked before the parser sees a byte, because yaml-cpp 0.7.0 does not refuse what it should: the
/// character 0x04 garbles what follows it (it is the parser's own mark for the end), a lone carriage return
/// vanishes and joins two lines into one, and UTF-16 is converted, after which no place is right.
#pragma once

#include "jobs/storyboard/fault_list.h"

#include <string_view>

namespace reeld {

/// Adds a fault about the first byte that has no place in a text, and returns false, when there is one.
/// Precondition: a byte order mark was cut off; `text` is what `faults` speaks of.
[[nodiscard]] bool check_text(std::string_view text, FaultList& faults);

} // namespace reeld
