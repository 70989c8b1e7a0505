/// JSON as the check writes it: compact, each value in one form.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// Appends a JSON string. Only what must be escaped is; characters outside ASCII stand for themselves.
/// Precondition: `text` is UTF-8.
void append_json_string(std::string& out, std::string_view text);

} // namespace reeld
