/// Keeps the key out of what the provider says.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// Puts *** wherever `text`, which may be JSON, quotes `key`: as it is, or with some of its characters
/// escaped as JSON allows, since a reader of that JSON would have it whole again. An empty key is nowhere.
/// Pure.
void hide_key(std::string& text, std::string_view key);

} // namespace reeld
