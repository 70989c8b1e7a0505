/// Which question or deed of the control API a method and a path mean. Pure.
///
/// The README lists the paths. Names in a path are not looked up here: whether there is such a batch or shot
/// is the API's to say.
#pragma once

#include <cstdint>
#include <string_view>

namespace reeld {

enum class ControlCall : std::uint8_t {
    status,
    names,
    history,
    told,
    events,
    batch,
    report,
    shot,
    why,
    submit,
    pause_all,
    resume_all,
    pause,
    resume,
    cancel_batch,
    retry_batch,
    priority,
    cancel_shot,
    retry_shot,
    resolve,
    wrong_method, ///< The path exists, for the other method.
    none,
};

struct ControlRoute {
    ControlCall call = ControlCall::none;
    std::string_view batch; ///< Where the path names one. Parts of the path.
    std::string_view shot;
};

/// HEAD counts as GET, except of the endless events.
[[nodiscard]] ControlRoute control_route(std::string_view method, std::string_view path);

/// Whether a call only asks.
[[nodiscard]] constexpr bool only_reads(ControlCall call) {
    return call < ControlCall::submit;
}

} // namespace reeld
