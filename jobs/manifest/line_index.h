/// What a line of manifest.jsonl tells a program that goes on writing the file: the way back from
/// manifest_text.h, as far as it is needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld {

struct LineIndex {
    bool is_object = false;             ///< The line is one whole JSON object in valid UTF-8.
    std::optional<std::uint32_t> index; ///< Its own key "index", when that is a shot's number.
};

/// Reads one line, without its newline. The line may be anything: it may stand in a file that a crash tore
/// or a person edited. Memory is bounded by the line's length.
[[nodiscard]] LineIndex read_line_index(std::string_view line);

} // namespace reeld
