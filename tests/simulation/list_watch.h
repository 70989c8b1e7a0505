/// Tells which doubts had a list that works: whether every look at the executions of their model, from the
/// loss of the answer on, was answered in full, and the machine had not restarted since the send. These are
/// the doubts that settling has to settle by itself.
#pragma once

#include "jobs/queue/event.h"

#include <map>
#include <string>

namespace reeld::test {

class ListWatch {
public:
    /// The model of a shot, before its batch is accepted.
    void introduce(ShotRef shot, const std::string& model) { models_[shot] = model; }

    /// Every event, in order.
    void note(const Event& event);

    /// Whether the shot is in doubt and its list has worked so far. Ask before the doubt's end is noted.
    [[nodiscard]] bool works_for(ShotRef shot) const;

private:
    struct Doubt {
        bool lost = false; ///< False: its create is under way.
        bool works = true;
    };

    void spoil(const std::string& model);

    std::map<ShotRef, std::string> models_;
    std::map<ShotRef, Doubt> doubts_;
};

} // namespace reeld::test
