#include "daemon/cli/serve_command.h"

#include "daemon/app/narration.h"
#include "daemon/progress/queue_words.h"
#include "daemon/supervisor/clean_pages.h"
#include "daemon/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <unistd.h>

namespace reeld {

namespace {

/// After SIGTERM: how long creates that were sent may take to be answered. What is not is held, not lost.
constexpr Duration kServeStopWait = std::chrono::seconds{20};

LogLevel level_of(Weight weight) {
    switch (weight) {
    case Weight::detail: return LogLevel::debug;
    case Weight::news: return LogLevel::info;
    case Weight::warning: return LogLevel::warning;
    case Weight::error: break;
    }
    return LogLevel::error;
}

/// The program of on_batch_end, and what it may know.
BatchEndCommands::Options command_options(const SessionPlan& plan) {
    BatchEndCommands::Options options{.words = plan.config.on_batch_end,
                                      .timeout = plan.config.on_batch_end_timeout,
                                      .environment = {},
                                      // The sandbox's key is no secret, and part of many a word.
                                      .key = plan.provider == "sandbox" ? "" : plan.key};
    for (char** variable = environ; *variable != nullptr; ++variable)
        options.environment.emplace_back(*variable);
    return options;
}

std::string rendered_faults(const std::string& file_name, const std::vector<Fault>& faults) {
    std::string text;
    for (const auto& fault : faults) text += render_fault(file_name, fault) + "\n";
    return text;
}

} // namespace

Serve::Serve(const SessionPlan& plan, Log::Options log, Replan replan)
    : plan_(plan), log_(log, [this] { return session_.loop.now().wall; }), replan_(std::move(replan)),
      session_(plan,
               {.happened = [this](const Event& event) { happened(event); },
                .replayed =
                    [this](const Event& event) {
                        clip_hosts_.note(event);
                        control_.happened(event);
                    },
                .trouble = [this](const std::string& line) { log_.warning("trouble", line, {}); },
                .on_journal_failed =
                    [this](const std::string& why) {
                        log_.error("journal_failed", why + ". The daemon ends", {});
                        give_up();
                    },
                .on_journal_stalled =
                    [this](const std::string& why) {
                        metrics_.journal_stalled(true);
                        log_.error("journal_stalled", why, {});
                    },
                .on_journal_resumed =
                    [this] {
                        metrics_.journal_stalled(false);
                        log_.notice("journal_resumed", "the journal can be written again: everything goes on",
                                    {});
                    },
                .batch_ended = [this](const WrittenManifest& manifest) { commands_.batch_ended(manifest); },
                .committed = [this](Duration took) { metrics_.journal_committed(took); },
                .create_decided =
                    [this](Duration waited) {
                        metrics_.create_decided(waited);
                    }}),
      control_({.app = session_.app, .intake = session_.intake}, {.provider = plan.provider,
                                                                  .output = plan.config.output.string(),
                                                                  .state = plan.state.string(),
                                                                  .started_at = session_.loop.now().wall}),
      metrics_({.version = std::string(version()), .started_at = session_.loop.now().wall}),
      supervisor_(session_.loop,
                  [this] { return queue_words(session_.app.queue().ledger(), session_.loop.now().at); }),
      commands_(session_.loop, command_options(plan),
                {.said =
                     [this](const std::string& batch, std::string_view line) {
                         log_.info("on_batch_end_output", line, {{"batch", batch}});
                     },
                 .ended =
                     [this](const std::string& batch, CommandEnd end, const std::string& sentence) {
                         metrics_.command_ended(end);
                         log_.write(end == CommandEnd::succeeded ? LogLevel::info : LogLevel::warning,
                                    "on_batch_end", sentence, {{"batch", batch}});
                     }}),
      clip_hosts_(plan.config.api.base_url), stop_timeout_(session_.loop, [this] { end_now(); }),
      on_interrupt_(session_.loop.watch_signal(SIGINT, [this] { stop(); })),
      on_terminate_(session_.loop.watch_signal(SIGTERM, [this] { stop(); })),
      on_hangup_(
          session_.loop.watch_signal(SIGHUP, [this] { ::isatty(STDERR_FILENO) == 1 ? stop() : reload(); })) {}

void Serve::start(const std::string& complaint) {
    log_.hide(plan_.key);
    session_.start();
    replayed_ = true;
    session_.loop.tell_turns([this](Duration took) { metrics_.loop_turned(took); });
    session_.loop.feed_watchdog();
    warn_of_command();
    open_door();
    listen_for_browsers();
    if (!plan_.config.watch.empty()) watch();
    supervisor_.ready();
    say_what_is_served();
    if (!complaint.empty()) refuse_reload(complaint);
    rest_if_idle();
}

/// Waiting for the next night needs little of what starting up, or the last night, has needed.
void Serve::rest_if_idle() {
    const auto& batches = session_.app.queue().ledger().batches();
    const bool idle = std::all_of(batches.rbegin(), batches.rend(),
                                  [](const auto& it) { return it.second.manifest_written; });
    if (idle) unmap_clean_pages();
}

void Serve::say_what_is_served() {
    log_.info("serving",
              fmt::format("{}, output in {}, {} creates in {} s, {} at once",
                          plan_.config.watch.empty() ? "no watch folder: storyboards come by 'reeld submit'"
                                                     : "watching " + plan_.config.watch.string(),
                          plan_.config.output.string(), plan_.config.limits.creates,
                          std::chrono::duration<double>(plan_.config.limits.per).count(),
                          plan_.config.limits.concurrent),
              {{"provider", plan_.config.api.base_url}});
    if (const auto& listen = plan_.config.webhook.listen) {
        log_.info("webhooks",
                  fmt::format("webhooks arrive at {}, as {}/…", format_listen_address(*listen),
                              plan_.config.webhook.public_url),
                  {});
    }
}

int Serve::run() {
    const int code = session_.loop.run();
    const std::chrono::duration<double, std::milli> longest = session_.loop.longest_turn();
    log_.notice("stopped", "stopped", {{"longest_turn_ms", fmt::format("{:.1f}", longest.count())}});
    return code;
}

/// Now, not in the morning when the first batch has ended.
void Serve::warn_of_command() {
    const auto& words = plan_.config.on_batch_end;
    if (words.empty() || ::access(words.front().c_str(), X_OK) == 0) return;
    log_.warning("on_batch_end",
                 fmt::format("{} (on_batch_end) cannot be run: {}; batches are rendered all the same",
                             words.front(), std::generic_category().message(errno)),
                 {});
}

void Serve::listen_for_browsers() {
    const auto& listen = plan_.config.http.listen;
    if (!listen) return;
    try {
        page_ = std::make_unique<PageServer>(
            session_.loop, plan_.config.http, PageServer::Parts{.api = control_, .clips = clip_hosts_},
            PageServer::Reports{
                .probe = [this](std::string_view method,
                                std::string_view path) { return probe(method, path); },
                .let_in =
                    [this](const http::Peer& peer) {
                        log_.notice("session", "a browser may act now, let in by 'reeld dashboard'",
                                    {{"from", peer.address}});
                    },
            });
        log_.info("http",
                  fmt::format("the page is at http://{0}/, 'reeld dashboard' opens it to act; metrics at "
                              "http://{0}/metrics",
                              format_listen_address(*listen)),
                  {});
    } catch (const std::runtime_error& error) {
        // The night goes on all the same.
        log_.error("http",
                   fmt::format("{}; without it nobody sees this daemon's page and metrics", error.what()),
                   {});
    }
}

std::variant<PageServer::Invitation, Refused> Serve::invite() {
    if (page_) return page_->invite();
    if (!plan_.config.http.listen)
        return Refused{.status = 409,
                       .message = "this daemon has no page, since http.listen is not configured",
                       .remedy = "put 'http: { listen: 127.0.0.1:8787 }' into its configuration and start "
                                 "it again"};
    return Refused{.status = 503,
                   .message = fmt::format("this daemon could not listen at {}, so there is no page",
                                          format_listen_address(*plan_.config.http.listen)),
                   .remedy = "its log says why; choose another http.listen, and start it again"};
}

std::optional<http::Reply> Serve::probe(std::string_view method, std::string_view path) {
    return answer_probe(method, path,
                        {.metrics = metrics_,
                         .app = session_.app,
                         .now = session_.loop.now().at,
                         .readiness = {.replayed = replayed_,
                                       .stalled = !session_.app.why_stalled().empty(),
                                       .watching = !inbox_ || inbox_->watching(),
                                       .stopping = is_ending()}});
}

void Serve::watch() {
    inbox_ =
        std::make_unique<Inbox>(session_.loop,
                                Inbox::Options{.folder = plan_.config.watch,
                                               .scan_interval = plan_.config.scan_interval,
                                               .quiet_time = plan_.config.quiet_time},
                                Inbox::Reports{.ready = [this](const Inbox::Offer& offer) { offered(offer); },
                                               .trouble =
                                                   [this](const std::string& line) {
                                                       log_.warning("watch_folder", line, {});
                                                   }});
}

void Serve::open_door() {
    try {
        door_ =
            std::make_unique<ControlServer>(session_.loop, control_,
                                            ControlServer::Options{.state = plan_.state,
                                                                   .body_bytes_max = static_cast<std::size_t>(
                                                                       plan_.config.storyboard.bytes_max)},
                                            [this] { return invite(); });
    } catch (const std::runtime_error& error) {
        // The night goes on all the same: what was dropped or accepted needs no operator.
        log_.error("control_socket",
                   fmt::format("{}; without it no command reaches this daemon", error.what()), {});
    }
}

void Serve::happened(const Event& event) {
    metrics_.happened(event, session_.app.queue().ledger());
    clip_hosts_.note(event);
    control_.happened(event);
    supervisor_.changed();
    if (std::holds_alternative<event::ManifestWritten>(event.fact)) rest_if_idle();
    // In words now, since a moment later the ledger may know more than this event does; said once it is
    // durable, since a reader of the log acts on it.
    auto told = tell(event, session_.journal, session_.app.queue().ledger(), Voice::daemon);
    if (!told) return;
    session_.app.after_commit([this, told = std::move(*told)] {
        std::vector<LogField> fields;
        for (const auto& [name, value] : told.fields) fields.push_back({.name = name, .value = value});
        log_.write(level_of(told.weight), told.event, told.sentence, std::span<const LogField>(fields));
        control_.told(told);
    });
}

void Serve::offered(const Inbox::Offer& offer) {
    if (is_ending()) return;
    ticket_ = session_.intake.read({.fd = offer.fd,
                                    .default_name = default_name_of(offer.file_name),
                                    .source = offer.identity,
                                    .changed_at = offer.changed_at},
                                   [this, offer](const Reading& reading) { was_read(offer, reading); });
}

void Serve::was_read(const Inbox::Offer& offer, const Reading& reading) {
    if (!reading.trouble.empty()) return put_back(offer, reading.trouble);
    if (reading.leftover) {
        if (const auto error = session_.intake.complete_leftover(ticket_); !error.empty())
            return put_back(offer, error);
        log_.info("storyboard_known",
                  fmt::format("{} was accepted before as {}: cleared away, nothing new is sent",
                              offer.file_name, reading.duplicate->name),
                  {{"batch", reading.duplicate->name}});
        return inbox_->taken();
    }
    if (!reading.header.good() || reading.duplicate) return refuse(offer, reading);
    accept(offer, reading.header);
}

void Serve::refuse(const Inbox::Offer& offer, const Reading& reading) {
    session_.intake.drop(ticket_);
    metrics_.storyboard_refused();
    std::string report = rendered_faults(offer.file_name, reading.header.faults);
    if (reading.duplicate) {
        report += fmt::format("{}: refused as a duplicate: batch {} has the same bytes and {}. Its results "
                              "are in {}. To render it once "
                              "more all the same, change the file (a comment is enough) and drop it again.\n",
                              offer.file_name, reading.duplicate->name,
                              reading.duplicate->finished_at ? "finished less than a day ago"
                                                             : "is not finished yet",
                              reading.duplicate->folder);
    }
    report += "Nothing of this file was accepted, and nothing was sent.\n";
    log_.error("storyboard_refused",
               fmt::format("{} was refused; see rejected/{}.errors.txt", offer.file_name, offer.file_name),
               {{"file", offer.identity.path}});
    inbox_->rejected(report);
}

void Serve::accept(const Inbox::Offer& offer, const ReadHeader& header) {
    if (!inbox_->offer_stands()) {
        session_.intake.drop(ticket_);
        log_.info("storyboard_changed",
                  fmt::format("{} was changed or taken away while it was read: that is not accepted",
                              offer.file_name),
                  {{"file", offer.identity.path}});
        return inbox_->put_back();
    }
    for (const auto& fault : header.faults) {
        log_.warning("storyboard_warning",
                     fmt::format("{}:{}: {}", offer.file_name, fault.place.line, fault.message), {});
    }
    session_.intake.accept(ticket_, [this, offer](std::optional<BatchKey> batch, const std::string& error) {
        // Accepted or not: the only copy of the file is not taken away. It is known when it comes again.
        if (!batch || !error.empty()) return put_back(offer, error);
        inbox_->taken();
    });
}

void Serve::put_back(const Inbox::Offer& offer, const std::string& why) {
    session_.intake.drop(ticket_);
    log_.error("storyboard_waits",
               fmt::format("{} stays in the watch folder and is tried again: {}", offer.file_name, why),
               {{"file", offer.identity.path}});
    inbox_->put_back();
}

void Serve::stop() {
    next_plan_.reset();
    if (++signals_ > 1) return end_now();
    log_.notice("stopping", "stopping: nothing new is sent; waiting for the answers to creates under way",
                {{"unanswered", std::to_string(session_.app.queue().ledger().unanswered())}});
    stop_timeout_.arm_after(kServeStopWait);
    supervisor_.stopping(kServeStopWait);
    session_.app.stop([this] { end(); });
}

void Serve::end() {
    // What waits for a commit may wait for ever, which a reload may as well.
    if (const auto why = session_.app.why_stalled(); !why.empty() && !next_plan_) {
        log_.error("journal_stalled", "the daemon ends, and " + why, {});
        return give_up();
    }
    // What the last lines and manifests bring about comes first.
    session_.app.after_paperwork(
        [this] { commands_.when_idle([this] { session_.loop.exit(to_int(code_)); }); });
}

/// Waits for nobody any more.
void Serve::end_now() {
    commands_.drop_all();
    end();
}

void Serve::give_up() {
    next_plan_.reset(); // What was not written is not read back as if it had been.
    code_ = ExitCode::unavailable;
    session_.loop.exit(to_int(code_));
}

} // namespace reeld
