/// Everything that `run` and `serve` drive, put together in the right order.
#pragma once

#include "daemon/app/app.h"
#include "daemon/app/intake.h"
#include "daemon/app/model_lookup.h"
#include "daemon/config/config.h"
#include "daemon/journal/journal.h"
#include "daemon/loop/loop.h"
#include "daemon/net/http.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace reeld {

/// What a session is made from, all of it checked.
struct SessionPlan {
    Config config; ///< `api.base_url` is the sandbox's when there is one.
    std::string key;
    std::string provider; ///< What the journal belongs to: the base URL, or "sandbox".
    std::filesystem::path state;
    std::string program; ///< Path of the reeld executable.
    bool only_allowed = false;
    std::map<std::string, Duration> typical;
};

/// Owns the parts; they live and die together. Constructing takes the state folder and throws JournalError.
struct Session {
    Session(const SessionPlan& plan, App::Reports reports)
        : journal({.folder = plan.state, .provider = plan.provider}), http(loop, {}),
          app({loop, journal, http},
              {.config = plan.config,
               .key = plan.key,
               .only_allowed = plan.only_allowed,
               .typical = plan.typical,
               .dice = static_cast<std::uint64_t>(loop.now().wall.time_since_epoch().count())},
              std::move(reports)),
          models(http, journal, plan.config.api.base_url),
          intake(app, models,
                 {.program = plan.program, .output = plan.config.output, .limits = plan.config.storyboard}) {}

    Loop loop;
    Journal journal;
    Http http;
    App app;
    ModelLookup models;
    Intake intake;
};

} // namespace reeld
