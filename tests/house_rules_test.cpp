// The rules of the house, over the whole tree. What each rule says, and how it looks, stands in
// tests/house_rules/rules.h; that each of them can fail is tested beside it.

#include "tests/house_rules/rules.h"
#include "tests/house_rules/source_tree.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <set>
#include <utility>

namespace reeld::test {

namespace {

using Rule = Faults (*)(const SourceFile&);

/// One failure for all faults together: a list is easier to work off than a failure each.
void check_none(const Faults& faults) {
    if (!faults.empty()) FAIL_CHECK(fmt::format("{} faults:\n{}", faults.size(), fmt::join(faults, "\n")));
}

void check(Rule rule, const std::vector<SourceFile>& files) {
    Faults faults;
    for (const SourceFile& file : files) {
        for (std::string& fault : rule(file)) faults.push_back(std::move(fault));
    }
    check_none(faults);
}

/// Whether a build file names the source, on a line of its own or behind a blank.
bool lists(std::string_view build_file, const std::string& source) {
    return std::ranges::any_of(lines_of(build_file), [&](std::string_view line) {
        const std::size_t at = line.find(source);
        return at != std::string_view::npos && (at == 0 || line[at - 1] == ' ');
    });
}

} // namespace

TEST_CASE("the house rules look at the tree they are part of") {
    CHECK(std::ranges::count(cpp_files(), "tests/house_rules_test.cpp", &SourceFile::path) == 1);
    CHECK(std::ranges::count(all_files(), "CMakeLists.txt", &SourceFile::path) == 1);
}

TEST_CASE("functions, files and lines are small enough to see") {
    check(long_functions, cpp_files());
    check(long_files, cpp_files());
    check(long_lines, cpp_files());
}

TEST_CASE("every header is a manual") {
    check(headers_without_purpose, cpp_files());
    check(headers_without_prose, cpp_files());
}

TEST_CASE("names of files and types say something") {
    check(empty_names, cpp_files());
}

TEST_CASE("nothing is left for later and nothing is switched off") {
    check(notes_to_self, cpp_files());
    check(switched_off, cpp_files());
}

TEST_CASE("names of tests are sentences") {
    check(test_names_that_are_no_sentences, cpp_files());
}

TEST_CASE("the jobs reach nothing outside of their arguments") {
    check(impure_jobs, cpp_files());
    check(includes_beyond_jobs, cpp_files());
}

TEST_CASE("the loop is the only clock, and nothing sleeps") {
    check(second_clocks, cpp_files());
}

TEST_CASE("each C library is included only where it is wrapped") {
    check(includes_beyond_walls, cpp_files());
}

TEST_CASE("headers of ours are included by their path from the root") {
    check(relative_includes, cpp_files());
}

TEST_CASE("what is private to one source has a name of its own, and so has every type") {
    check_none(private_names_twice(cpp_files()));
    check_none(private_names_that_hide(cpp_files()));
    check_none(types_defined_twice(cpp_files()));
}

TEST_CASE("no file names a place on one machine") {
    check(private_places, all_files());
}

TEST_CASE("every source is listed in the CMakeLists.txt of its folder") {
    Faults faults;
    for (const SourceFile& file : cpp_files()) {
        const std::filesystem::path path = file.path;
        if (path.extension() != ".cpp") continue;
        if (lists(text_of(path.parent_path() / "CMakeLists.txt"), path.filename())) continue;
        faults.push_back(fault_at(file, 1, "not listed in the CMakeLists.txt of its folder"));
    }
    check_none(faults);
}

TEST_CASE("every script can be run and is read by shellcheck") {
    Faults faults;
    for (const SourceFile& file : all_files()) {
        if (!file.text.starts_with("#!")) continue;
        if (!is_executable(file.path)) faults.push_back(fault_at(file, 1, "has no run bit"));
        if (lists(text_of(".ci/run"), file.path)) continue;
        faults.push_back(fault_at(file, 1, "not in the list that .ci/run gives to shellcheck"));
    }
    check_none(faults);
}

TEST_CASE("the root of the tree holds nothing that nobody expects there") {
    constexpr std::array<std::string_view, 8> kExpected = {"CMakeLists.txt", "README.md", "LICENSE", "daemon",
                                                           "jobs",           "examples",  "systemd", "tests"};
    Faults faults;
    for (const std::string& entry : top_level_entries()) {
        const bool expected = entry.starts_with(".") || std::ranges::count(kExpected, entry) > 0;
        if (!expected) faults.push_back(entry);
    }
    check_none(faults);
}

TEST_CASE("what a user keeps in the root of a clone is no part of the tree") {
    const TempFolder clone;
    CHECK(known_to_git(clone.path().string()).empty());
    if (run_program({.words = {"/usr/bin/env", "git", "--version"}}).exit_code != 0)
        return; // An archive's user.
    std::filesystem::create_directory(clone / "jobs");
    for (const char* name : {"README.md", "jobs/shot.h", "mine.yaml"}) std::ofstream(clone / name) << "x";
    for (const char* words : {"init", "add README.md jobs"}) {
        const std::string command = fmt::format("git {}", words);
        const auto end = run_program({.words = {"/bin/sh", "-c", command}, .folder = clone.path()});
        CAPTURE(end.err);
        REQUIRE(end.exit_code == 0);
    }
    CHECK(known_to_git(clone.path().string()) == std::set<std::string>{"README.md", "jobs"});
}

} // namespace reeld::test
