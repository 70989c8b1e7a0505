#include "daemon/output/batch_folder.h"

#include "tests/daemon/output/file_text.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace reeld;
using namespace reeld::test;

namespace {

constexpr const char* kOwner = "ours";

/// Reserves a folder for "harbor" below `output`, while the journal knows the names in `taken`.
ReservedFolder reserve(const std::filesystem::path& output, const std::set<std::string>& taken = {},
                       const std::string& base = "harbor", const std::string& owner = kOwner) {
    return reserve_batch_folder(output, base, owner,
                                [&taken](const std::string& name) { return taken.contains(name); });
}

/// Reserves a folder for a "harbor" of another program, whose journal knows no names.
ReservedFolder reserve_for(const std::string& owner, const std::filesystem::path& output) {
    return reserve(output, {}, "harbor", owner);
}

} // namespace

TEST_CASE("the first batch of a name gets the name, in an output folder that is made for it") {
    const TempFolder folder;
    const ReservedFolder reserved = reserve(folder / "deep/output");
    CHECK(reserved.error.empty());
    CHECK(reserved.name == "harbor");
    CHECK(reserved.path == folder / "deep/output/harbor");
    CHECK(std::filesystem::is_directory(reserved.path));
}

TEST_CASE("a name that was used gets a number, whether its folder or only the journal tells of it") {
    const TempFolder folder;
    for (const char* expected : {"harbor", "harbor.2", "harbor.3"}) {
        const ReservedFolder reserved = reserve(folder.path());
        CHECK(reserved.name == expected);
        put_text(reserved.path / "storyboard.yaml", "shots: []");
    }
    CHECK(reserve(folder.path(), {"harbor.4", "harbor.5"}).name == "harbor.6");
}

TEST_CASE("an empty folder that a crash left is used again, unless the journal knows its name") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "harbor");
    CHECK(reserve(folder.path()).name == "harbor");
    CHECK(reserve(folder.path(), {"harbor"}).name == "harbor.2");
    put_text(folder / "harbor/storyboard.yaml", "");
    CHECK(reserve(folder.path(), {"harbor.2"}).name == "harbor.3");
}

TEST_CASE("an empty folder that one program has reserved is not another's, but its own again after a crash") {
    const TempFolder folder;
    CHECK(reserve_for("ours", folder.path()).name == "harbor");
    CHECK(reserve_for("theirs", folder.path()).name == "harbor.2");
    CHECK(reserve_for("ours", folder.path()).name == "harbor");
    CHECK(reserve_for("theirs", folder.path()).name == "harbor.2");
    CHECK(reserve(folder.path(), {"harbor"}).name == "harbor.3");
}

TEST_CASE("a reservation is ended by its owner only, and then a file keeps everybody off") {
    const TempFolder folder;
    const auto path = reserve_for("ours", folder.path()).path;
    end_reservation(path, "theirs");
    CHECK(reserve_for("theirs", folder.path()).name == "harbor.2");
    put_text(path / "storyboard.yaml", "shots: []");
    end_reservation(path, "ours");
    CHECK(entries_of(path) == 1);
    CHECK(reserve_for("ours", folder.path()).name == "harbor.3");
}

TEST_CASE("a folder that is given up is for whoever comes first") {
    const TempFolder folder;
    end_reservation(reserve_for("ours", folder.path()).path, "ours");
    CHECK(reserve_for("theirs", folder.path()).name == "harbor");
}

TEST_CASE("of programs that reserve one name at the same time, each gets a folder of its own") {
    const TempFolder folder;
    constexpr int kPrograms = 8;
    constexpr int kRounds = 20;
    std::vector<std::vector<std::string>> names(kPrograms);
    {
        std::vector<std::jthread> programs;
        for (int i = 0; i < kPrograms; ++i) {
            programs.emplace_back([&folder, &mine = names[static_cast<std::size_t>(i)], i] {
                for (int round = 0; round < kRounds; ++round) {
                    const auto owner = std::to_string(i);
                    const auto reserved = reserve_for(owner, folder.path());
                    put_text(reserved.path / "storyboard.yaml", owner);
                    end_reservation(reserved.path, owner);
                    mine.push_back(reserved.name);
                }
            });
        }
    }
    std::set<std::string> all;
    for (int i = 0; i < kPrograms; ++i) {
        for (const auto& name : names[static_cast<std::size_t>(i)]) {
            CHECK_MESSAGE(all.insert(name).second, name);
            CHECK(text_of(folder / name / "storyboard.yaml") == std::to_string(i));
            CHECK(entries_of(folder / name) == 1);
        }
    }
    CHECK(all.size() == kPrograms * kRounds);
}

TEST_CASE("a file or a link under the name is not taken for a folder") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "elsewhere");
    std::filesystem::create_directory_symlink(folder / "elsewhere", folder / "harbor");
    put_text(folder / "harbor.2", "");
    CHECK(reserve(folder.path()).name == "harbor.3");
}

TEST_CASE("a name is cut to its limit before the number is added") {
    const TempFolder folder;
    const std::string limit(kBatchNameBytesMax, 'x');
    CHECK(reserve(folder.path(), {limit}, limit + "yz").name == limit + ".2");
}

TEST_CASE("a name that would leave the output folder is refused") {
    const TempFolder folder;
    for (const char* base : {"", ".", "..", ".hidden", "../up", "a/b", "/etc"}) {
        CAPTURE(base);
        const ReservedFolder reserved = reserve(folder.path(), {}, base);
        CHECK(reserved.error.ends_with("cannot be the name of a batch's folder"));
        CHECK(reserved.name.empty());
    }
    CHECK(entries_of(folder.path()) == 0);
}

TEST_CASE("an output folder that cannot be made is an error with its path") {
    const TempFolder folder;
    put_text(folder / "file", "");
    const ReservedFolder reserved = reserve(folder / "file/output");
    CHECK(reserved.error.find((folder / "file").string()) != std::string::npos);
    CHECK(reserved.name.empty());
}

TEST_CASE("numbers end somewhere, with advice") {
    const TempFolder folder;
    const ReservedFolder reserved =
        reserve_batch_folder(folder.path(), "harbor", kOwner, [](const std::string&) { return true; });
    CHECK(reserved.error.find("10000 batches named harbor; move old ones away") != std::string::npos);
}
