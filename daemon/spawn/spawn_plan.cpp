#include "daemon/spawn/spawn_plan.h"

#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <utility>
#include <vector>

namespace reeld {

namespace {

/// The texts as C wants them. They must outlive what is returned.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

SpawnPlan::SpawnPlan(std::string what) : what_(std::move(what)) {
    check(::posix_spawn_file_actions_init(&actions_));
    check(::posix_spawnattr_init(&attributes_));
}

SpawnPlan::~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
}

void SpawnPlan::check(int error) const {
    if (error != 0) throw std::system_error(error, std::generic_category(), "cannot start " + what_);
}

void SpawnPlan::place(const Fd& fd, int as) {
    check(::posix_spawn_file_actions_adddup2(&actions_, fd.get(), as));
}

void SpawnPlan::place_nothing(int as) {
    check(::posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", O_RDWR, 0));
}

void SpawnPlan::close_from(int first) {
    check(::posix_spawn_file_actions_addclosefrom_np(&actions_, first));
}

void SpawnPlan::run_in(const std::filesystem::path& folder) {
    check(::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()));
}

void SpawnPlan::lead_group() {
    flags_ |= POSIX_SPAWN_SETPGROUP;
    check(::posix_spawnattr_setpgroup(&attributes_, 0));
}

void SpawnPlan::reset_signals() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    flags_ |= POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    check(::posix_spawnattr_setsigmask(&attributes_, &none));
    check(::posix_spawnattr_setsigdefault(&attributes_, &all));
}

pid_t SpawnPlan::run(const std::string& program, std::span<const std::string> arguments,
                     std::span<const std::string> environment) {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    std::vector<std::string> variables(environment.begin(), environment.end());
    pid_t pid = -1;
    check(::posix_spawnattr_setflags(&attributes_, flags_));
    check(::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, pointers_to(words).data(),
                        pointers_to(variables).data()));
    return pid;
}

} // namespace reeld
