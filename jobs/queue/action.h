/// Decisions, in the imperative: what the shell is to do now. Only the shell performs them.
#pragma once

#include "jobs/queue/shot.h"

#include <string>
#include <variant>

namespace reeld {

namespace action {

/// Send the create of this attempt. `CreateIntended` was recorded by whoever took this action and must
/// be durable before the first byte leaves.
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

using Action =
    std::variant<action::Create, action::Poll, action::Cancel, action::AppendLine, action::WriteManifest>;

} // namespace reeld
