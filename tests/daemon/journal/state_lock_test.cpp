#include "daemon/journal/state_lock.h"

#include "daemon/journal/journal_error.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace reeld;
namespace fs = std::filesystem;

namespace {

JournalError error_of_locking(const fs::path& folder) {
    try {
        const StateLock lock(folder);
    } catch (const JournalError& error) {
        return error;
    }
    return {JournalError::Kind::other, "it was not locked"};
}

} // namespace

TEST_CASE("a state folder in use is refused with the process that uses it and what to do") {
    const test::TempFolder folder;
    const StateLock lock(folder.path());
    const JournalError error = error_of_locking(folder.path());
    const std::string message = error.what();
    CHECK(error.kind == JournalError::Kind::in_use);
    CHECK(message.find(folder.path().native()) != std::string::npos);
    CHECK(message.find("process " + std::to_string(::getpid())) != std::string::npos);
    CHECK(message.find("--state") != std::string::npos);
}

TEST_CASE("a state folder is free again when its lock is gone, and the lock file stays") {
    const test::TempFolder folder;
    { const StateLock lock(folder.path()); }
    CHECK(fs::exists(folder / "lock"));
    const StateLock lock(folder.path());
}

TEST_CASE("what a dead holder left in the lock file does not keep anybody out") {
    const test::TempFolder folder;
    std::ofstream(folder / "lock") << "999999\n";
    const StateLock lock(folder.path());
    std::ifstream in(folder / "lock");
    pid_t holder = 0;
    in >> holder;
    CHECK(holder == ::getpid());
}

TEST_CASE("a lock tells when its file was removed, replaced or moved, and when it is back") {
    const test::TempFolder folder;
    const StateLock lock(folder.path());
    CHECK(lock.in_place());
    fs::rename(folder / "lock", folder / "elsewhere");
    CHECK_FALSE(lock.in_place());
    fs::copy_file(folder / "elsewhere", folder / "lock");
    CHECK_FALSE(lock.in_place());
    fs::rename(folder / "elsewhere", folder / "lock");
    CHECK(lock.in_place());
    fs::remove(folder / "lock");
    CHECK_FALSE(lock.in_place());
}

TEST_CASE("a link in the place of the lock file is not followed") {
    const test::TempFolder folder;
    fs::create_symlink(folder / "elsewhere", folder / "lock");
    CHECK(error_of_locking(folder.path()).kind == JournalError::Kind::unavailable);
    CHECK_FALSE(fs::exists(folder / "elsewhere"));
}

TEST_CASE("the state folder is made with the folders above it, for its owner only") {
    const test::TempFolder folder;
    const fs::path made = make_state_folder(folder / "a/b/state/");
    CHECK(made == fs::canonical(folder / "a/b/state"));
    struct stat status {};
    REQUIRE(::stat(made.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0700);
}

TEST_CASE("a state folder behind a link is used where it really is") {
    const test::TempFolder folder;
    fs::create_directory(folder / "real");
    fs::create_directory_symlink(folder / "real", folder / "link");
    CHECK(make_state_folder(folder / "link") == fs::canonical(folder / "real"));
}

TEST_CASE("a file in the place of the state folder is named with the cause") {
    const test::TempFolder folder;
    std::ofstream(folder / "state") << "x";
    CHECK_THROWS_WITH_AS(static_cast<void>(make_state_folder(folder / "state")),
                         doctest::Contains((folder / "state").c_str()), JournalError);
}
