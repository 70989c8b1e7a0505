#include "daemon/cli/command_line.h"

#include "jobs/text/ascii.h"

#include <algorithm>
#include <fstream>
#include <string_view>

namespace reeld {

namespace {

bool is_plain(char c) {
    constexpr std::string_view kPlainSigns = "_-./=:,@%+";
    return is_letter_or_digit(c) || kPlainSigns.find(c) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

} // namespace

std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const auto& word : words) line += (line.empty() ? "" : " ") + quoted(word);
    return line;
}

std::vector<std::string> own_words() {
    std::ifstream file("/proc/self/cmdline");
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    return words;
}

} // namespace reeld
