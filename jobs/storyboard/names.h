/// The names of storyboards and shots, which become names of files and folders.
#pragma once

#include <string>
#include <string_view>

namespace reeld {

/// Longest name of a storyboard or shot, in bytes: with an ending it still fits any file system.
inline constexpr std::size_t kNameBytesMax = 64;

/// What a name may be, for messages.
inline constexpr std::string_view kNameRule =
    "1 to 64 letters, digits, \".\", \"_\" or \"-\", not starting with a dot";

/// Whether a text keeps that rule. Letters are those of ASCII, so that a name is the same on every file
/// system.
[[nodiscard]] bool is_name(std::string_view text);

/// Whether a text can be a model's slug: 1 to 128 letters, digits, `.`, `_`, `-` and `/`.
[[nodiscard]] bool is_slug(std::string_view text);

/// A name like `text`: what cannot stand in a name becomes `-`. May be empty.
[[nodiscard]] std::string suggest_name(std::string_view text);

} // namespace reeld
