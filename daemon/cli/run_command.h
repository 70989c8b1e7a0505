/// `reeld run FILE…`: renders in the foreground and exits when all is final.
///
/// All files are read before any is accepted, so that a fault in one means that nothing was sent. A file
/// whose bytes belong to an unfinished batch of this state folder is that batch: the same command goes on
/// where it stopped. Other unfinished batches are polled, since they hold slots, and nothing new is created
/// for them.
///
/// Not for a state folder that a daemon holds. Threading: one loop, its own.
#pragma once

#include "daemon/app/default_name.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/resolution.h"
#include "daemon/cli/session.h"
#include "daemon/output/fd.h"
#include "daemon/progress/run_display.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reeld {

struct RunOptions {
    std::vector<std::string> files;
    bool again = false; ///< Render what was rendered already once more.
    std::vector<Resolution> resolutions;
    bool json = false; ///< The summary as JSON on standard output.
    bool quiet = false;
};

/// One run of the command, after the configuration was read and the sandbox, if any, was started.
class Run {
public:
    /// Throws JournalError.
    Run(const SessionPlan& plan, RunOptions options);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Returns the exit code.
    int go();

private:
    struct Input {
        std::string path;
        Fd fd;
        StoryboardFile file;
        Intake::Ticket ticket = 0;
        Reading reading;
    };

    // The steps, in order: open all, read all, accept one after the other, wait for the end.
    bool open_inputs();
    void read_input(std::size_t index);
    void all_read();
    void accept_input(std::size_t index);
    void follow(BatchKey batch);
    void happened(const Event& event);
    void check_end();
    /// Ends the loop once what was recorded in this turn is durable. The first code wins.
    void end(ExitCode code);
    void stalled(const std::string& why);
    /// What waits for a commit may wait for ever.
    void end_if_stalled();
    /// Ends without another commit.
    void give_up();
    void interrupted();
    /// Only a person can help: the key or the balance, and nothing is under way that could change it.
    [[nodiscard]] bool stuck_on_account() const;
    /// A person has paused it, or everything, in a daemon's days; no resume reaches a run.
    [[nodiscard]] bool is_paused(BatchKey batch) const;
    void say_pauses();
    [[nodiscard]] std::optional<ExitCode> show_faults();
    void accept_next(std::size_t index);
    void all_accepted();
    void look_up(Findings::const_iterator next);
    [[nodiscard]] bool plan_findings();
    void refuse(const std::string& why);
    void summarize();
    void say_what_is_paid_anew(BatchKey accepted);
    [[nodiscard]] bool had_ended(const BatchRow& duplicate) const;
    [[nodiscard]] bool insists() const;
    [[nodiscard]] bool attach_to_duplicate(const Input& input);

    SessionPlan plan_;
    RunOptions options_;
    Session session_;
    RunDisplay display_;
    std::vector<Input> inputs_;
    std::vector<BatchKey> batches_; ///< Those of this run, in the order of its files.
    std::set<ShotRef> held_at_start_;
    std::set<BatchKey> unfinished_at_start_; ///< Before this run wrote what an earlier one had left.
    Findings findings_;                      ///< Of `--resolve`, to be recorded when all is accepted.
    ExitCode code_ = ExitCode::succeeded;
    bool accepting_done_ = false;
    bool ending_ = false;
    bool key_refused_ = false; ///< A poll was told so; see PollFailed::key_rejected.
    int signals_ = 0;
    LoopTimer stop_timeout_;
    Loop::Watch on_interrupt_;
    Loop::Watch on_terminate_;
};

} // namespace reeld
