#include "jobs/storyboard/shot_ids.h"

#include "jobs/storyboard/names.h"

#include <fmt/format.h>

namespace reeld {

std::vector<std::string> ShotIds::add(const ShotKeys& shot, std::size_t position) {
    const std::string base = shot.id.empty() ? fmt::format("shot-{}", position) : shot.id;
    const int takes = shot.takes.value_or(1);
    std::vector<std::string> ids;
    for (int take = 1; take <= takes; ++take) {
        ids.push_back(takes == 1 ? base : fmt::format("{}.{}", base, take));
    }
    if (ids.back().size() > kNameBytesMax) {
        faults_.error(shot.id_offset,
                      fmt::format("its takes make the id {} longer than {} letters: shorten it", ids.back(),
                                  kNameBytesMax));
    }
    for (const std::string& id : ids) claim(id, shot);
    return ids;
}

void ShotIds::claim(const std::string& id, const ShotKeys& shot) {
    const User user{.offset = shot.id_offset, .is_given = !shot.id.empty()};
    const auto [earlier, is_new] = users_.emplace(id, user);
    if (is_new) return;
    if (user.is_given && earlier->second.offset == user.offset) {
        faults_.error(user.offset,
                      fmt::format("the id {} stands for two shots, since an alias (*) repeats it: "
                                  "give each shot an id of its own",
                                  id));
        return;
    }
    if (user.is_given && earlier->second.is_given) {
        faults_.error(user.offset,
                      fmt::format("the id {} is in use by another shot above: ids (with their takes) "
                                  "must differ",
                                  id));
        return;
    }
    // The one that was given is the one that can be changed.
    const std::size_t offset = user.is_given ? user.offset : earlier->second.offset;
    faults_.error(
        offset,
        fmt::format("the id {} is what a shot without an id is called by its position: choose another, "
                    "or give that shot an id",
                    id));
}

} // namespace reeld
