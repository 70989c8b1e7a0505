#include "jobs/storyboard/names.h"

#include "jobs/text/ascii.h"

#include <algorithm>

namespace reeld {

namespace {

constexpr std::size_t kSlugBytesMax = 128;

bool is_name_character(char c) {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
}

} // namespace

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameBytesMax && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), is_name_character);
}

bool is_slug(std::string_view text) {
    return !text.empty() && text.size() <= kSlugBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_name_character(c) || c == '/'; });
}

std::string suggest_name(std::string_view text) {
    std::string name;
    for (const char c : text.substr(0, kNameBytesMax)) {
        if (is_name_character(c)) {
            name += c;
        } else if (!name.ends_with('-')) {
            name += '-';
        }
    }
    while (name.ends_with('-')) name.pop_back();
    const std::size_t start = name.find_first_not_of(".-");
    return start == std::string::npos ? std::string{} : name.substr(start);
}

} // namespace reeld
