/// The ids of a storyboard's shots: given, made up by position, multiplied by takes, and each used once.
#pragma once

#include "jobs/storyboard/fault_list.h"
#include "jobs/storyboard/shot_keys.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace reeld {

/// `takes: 3` makes captain.1, captain.2 and captain.3 of captain; `takes: 1` and no takes leave it as it
/// is. A shot without an id is shot-N, N being its position in the file, counted from 1 before takes
/// multiply anything.
class ShotIds {
public:
    explicit ShotIds(FaultList& faults) : faults_(faults) {}

    /// The ids of one shot, one per take. An id that another shot has already, or that takes make too long,
    /// is a fault.
    std::vector<std::string> add(const ShotKeys& shot, std::size_t position);

private:
    struct User {
        std::size_t offset = 0;
        bool is_given = false; ///< Not made up from the position.
    };

    void claim(const std::string& id, const ShotKeys& shot);

    FaultList& faults_;
    std::unordered_map<std::string, User> users_;
};

} // namespace reeld
