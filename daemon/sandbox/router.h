/// Which endpoint a method and a path mean.
#pragma once

#include <cstdint>
#include <string_view>

namespace reeld::sandbox {

enum class Endpoint : std::uint8_t {
    create,
    poll,
    cancel,
    list,
    model,
    models,
    report,
    media,
    wrong_method, ///< The path exists, not with this method.
    none,
};

struct Route {
    Endpoint endpoint = Endpoint::none;
    std::string_view id; ///< The prediction's, for poll, cancel and media; a part of the path.
};

/// The create has two paths, with a slash at its end and without, as the two documents have it. HEAD counts
/// as GET.
[[nodiscard]] Route route_of(std::string_view method, std::string_view path);

} // namespace reeld::sandbox
