/// A file's text, for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace reeld::test {

/// Empty when there is no such file.
inline std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Replaces the file's text.
inline void put_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// The number of entries of a folder, dot files included.
inline std::ptrdiff_t entries_of(const std::filesystem::path& folder) {
    const std::filesystem::directory_iterator first(folder);
    return std::distance(first, std::filesystem::directory_iterator{});
}

} // namespace reeld::test
