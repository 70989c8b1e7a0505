#include "daemon/sandbox/router.h"

namespace reeld::sandbox {

namespace {

constexpr std::string_view kPrediction = "/v1/prediction/";
constexpr std::string_view kCancel = "/cancel";
constexpr std::string_view kMedia = "/media/";
constexpr std::string_view kClipSuffix = ".mp4";

/// An id is one piece of a path.
bool is_id(std::string_view text) {
    return !text.empty() && text.find('/') == std::string_view::npos;
}

Route post(std::string_view path) {
    if (path == kPrediction || path == kPrediction.substr(0, kPrediction.size() - 1)) {
        return {Endpoint::create, {}};
    }
    if (path.starts_with(kPrediction) && path.ends_with(kCancel)) {
        path.remove_prefix(kPrediction.size());
        if (path.size() > kCancel.size() && is_id(path.substr(0, path.size() - kCancel.size()))) {
            return {Endpoint::cancel, path.substr(0, path.size() - kCancel.size())};
        }
    }
    return {};
}

Route get(std::string_view path) {
    if (path == "/v1/executions") return {Endpoint::list, {}};
    if (path == "/v1/model") return {Endpoint::model, {}};
    if (path == "/v1/models") return {Endpoint::models, {}};
    if (path == "/report") return {Endpoint::report, {}};
    if (path.starts_with(kPrediction) && is_id(path.substr(kPrediction.size()))) {
        return {Endpoint::poll, path.substr(kPrediction.size())};
    }
    if (path.starts_with(kMedia) && path.ends_with(kClipSuffix)) {
        path.remove_prefix(kMedia.size());
        if (path.size() > kClipSuffix.size() && is_id(path)) {
            return {Endpoint::media, path.substr(0, path.size() - kClipSuffix.size())};
        }
    }
    return {};
}

} // namespace

Route route_of(std::string_view method, std::string_view path) {
    const bool reads = method == "GET" || method == "HEAD";
    const Route route = reads ? get(path) : post(path);
    if (reads || method == "POST") {
        if (route.endpoint != Endpoint::none) return route;
        const Route other = reads ? post(path) : get(path);
        return {other.endpoint == Endpoint::none ? Endpoint::none : Endpoint::wrong_method, {}};
    }
    const bool exists = route.endpoint != Endpoint::none || get(path).endpoint != Endpoint::none;
    return {exists ? Endpoint::wrong_method : Endpoint::none, {}};
}

} // namespace reeld::sandbox
