/// Decisions, in the imperative: what the shell is to do now. Only the shell performs them.
#pragma once

#include "jobs/queue/event.h"
#include "jobs/queue/shot.h"

#include <string>
#include <variant>
#include <vector>

namespace reeld {

/// Should the answer get lost, whatever was created since the intent can be taken for the create's: so long,
/// at most, may the prediction of another program with an equal input be mistaken for it before it is sent.
inline constexpr Duration kIntentAgeMax = std::chrono::seconds{5};

namespace action {

/// Send the create of this attempt. `CreateIntended` was recorded by whoever took this action and must
/// be durable before the first byte leaves. One that cannot leave within kIntentAgeMax of its intent (the
/// journal's disk stalled, the machine slept) is withdrawn instead, by CreateNotSent.
struct Create {
    ShotRef shot;
    int attempt = 0;
    friend bool operator==(const Create&, const Create&) = default;
};

/// Ask for the prediction's state.
struct Poll {
    ShotRef shot;
    std::string prediction;
    friend bool operator==(const Poll&, const Poll&) = default;
};

/// Ask the provider to stop the prediction. Best effort; polling decides what became of it.
struct Cancel {
    ShotRef shot;
    std::string prediction;
    friend bool operator==(const Cancel&, const Cancel&) = default;
};

/// Look through the provider's list for executions of this model, and report what it shows as ListLooked, or
/// as ListFailed.
struct Look {
    std::string model;
    /// How far back the list is to be read, beside what its doubts ask for: it must show what was accepted
    /// then. Instant::max(): no farther.
    Instant back_to = Instant::max();
    friend bool operator==(const Look&, const Look&) = default;
};

/// What the list has shown, or failed to show, decides about a create in doubt, or is to be remembered.
/// Whoever takes this action records the fact; there is nothing else to perform.
struct Settle {
    std::variant<event::CreateAdopted, event::CreateDismissed, event::CreateHeld, event::CreateSought> fact;
    friend bool operator==(const Settle&, const Settle&) = default;
};

/// Tell the operator of executions that equal a shot in doubt and are more than the doubts: somebody else
/// made them, or they were paid for in vain.
struct ReportStrays {
    std::string model;
    std::vector<std::string> predictions;
    friend bool operator==(const ReportStrays&, const ReportStrays&) = default;
};

/// Append the finished shot's line to its batch's manifest.jsonl, unless it stands there already.
struct AppendLine {
    ShotRef shot;
    friend bool operator==(const AppendLine&, const AppendLine&) = default;
};

/// Every shot is final and has its line: write manifest.json.
struct WriteManifest {
    BatchKey batch = 0;
    friend bool operator==(const WriteManifest&, const WriteManifest&) = default;
};

} // namespace action

using Action = std::variant<action::Create, action::Poll, action::Cancel, action::Look, action::Settle,
                            action::ReportStrays, action::AppendLine, action::WriteManifest>;

} // namespace reeld
