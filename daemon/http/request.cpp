#include "daemon/http/request.h"

#include "daemon/http/letters.h"

namespace reeld::http {

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (same_letters(key, name)) return value;
    }
    return {};
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

} // namespace reeld::http
