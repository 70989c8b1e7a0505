/// Everything that `run` and `serve` drive, put together in the right order.
#pragma once

#include "daemon/app/app.h"
#include "daemon/app/intake.h"
#include "daemon/app/model_lookup.h"
#include "daemon/config/base_url.h"
#include "daemon/config/config.h"
#include "daemon/control/webhook_listener.h"
#include "daemon/journal/journal.h"
#include "daemon/loop/loop.h"
#include "daemon/net/http.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace reeld {

/// What a session is made from, all of it checked.
struct SessionPlan {
    Config config; ///< `api.base_url` is the sandbox's when there is one.
    std::string key;
    std::string environment_key; ///< $EACHLABS_API_KEY, which is not in the environment any more; or empty.
    std::string provider;        ///< What the journal belongs to: the base URL, or "sandbox".
    std::filesystem::path state;
    std::string program; ///< Path of the reeld executable.
    bool only_allowed = false;
    std::map<std::string, Duration> typical;
};

/// Owns the parts; they live and die together. Constructing takes the state folder and throws JournalError.
struct Session {
    Session(const SessionPlan& plan, App::Reports reports)
        : webhook(plan.config.webhook), journal({.folder = plan.state, .provider = plan.provider}),
          http(loop, {}),
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

    /// Starts the app, then listens for webhooks where they are configured: the app knows by then whose they
    /// are. Throws JournalError, and std::runtime_error when it cannot listen.
    void start() {
        app.start();
        if (!webhook.listen) return;
        webhooks = std::make_unique<WebhookListener>(
            loop,
            WebhookListener::Options{.listen = *webhook.listen,
                                     .path = std::string{path_of_url(webhook.public_url)},
                                     .per_address = {}},
            [this](const WebhookCall& call, std::function<void(bool)> answer) {
                app.webhook_arrived(call, std::move(answer));
            });
    }

    Config::Webhook webhook;
    Loop loop;
    Journal journal;
    Http http;
    App app;
    ModelLookup models;
    Intake intake;
    std::unique_ptr<WebhookListener> webhooks; ///< None where none is configured.
};

} // namespace reeld
