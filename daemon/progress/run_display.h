/// What a person sees of a run: redrawn in place on a terminal, a line per event elsewhere.
#pragma once

#include "daemon/app/app.h"
#include "daemon/progress/terminal.h"
#include "daemon/progress/waiting.h"

#include <string>
#include <vector>

namespace reeld {

class RunDisplay {
public:
    /// `quiet`: only errors and what say() is asked to print all the same.
    RunDisplay(App& app, bool quiet);

    /// Begins to redraw. Call after App::start(): time is measured from here.
    void open();

    /// The batches whose shots count in the bar.
    void follow(BatchKey batch);

    /// An event was applied. It is told of once it is durable: what a crash could take back was never said.
    void happened(const Event& event);

    /// A line for good.
    void say(const std::string& line);

    /// Removes what is redrawn; from now on lines only.
    void close();

private:
    void redraw();
    /// Says that it waits for what no event tells of, once each time.
    void tell_waiting();
    [[nodiscard]] bool redraws() const { return redraw_; }

    App& app_;
    bool quiet_;
    bool redraw_;
    Terminal terminal_;
    LoopTimer tick_;
    Instant started_{};
    std::vector<BatchKey> batches_;
    WaitReason waiting_ = WaitReason::none; ///< What was said last.
};

} // namespace reeld
