#include "tests/house_rules/source_tree.h"
#include "tests/support/places.h"
#include "tests/support/program.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

namespace reeld::test {

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = test::source_folder();

bool is_cpp(const std::string& path) {
    return path.ends_with(".h") || path.ends_with(".cpp");
}

/// What builds (`build*/`) and runs (`output/`) leave behind, and the repository's own folder.
bool is_left_behind(const std::string& entry) {
    return entry.starts_with("build") || entry == "output" || entry == ".git" || entry == ".cache";
}

void add_file(const fs::path& file, std::vector<SourceFile>& files) {
    const std::string path = fs::relative(file, kRoot).generic_string();
    files.push_back({.path = path, .text = text_of(path)});
}

std::vector<SourceFile> read_tree() {
    std::vector<SourceFile> files;
    for (const std::string& entry : top_level_entries()) {
        if (!fs::is_directory(kRoot / entry)) {
            add_file(kRoot / entry, files);
            continue;
        }
        for (const fs::directory_entry& file : fs::recursive_directory_iterator(kRoot / entry)) {
            if (file.is_regular_file()) add_file(file.path(), files);
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

std::vector<SourceFile> cpp_of(const std::vector<SourceFile>& files) {
    std::vector<SourceFile> found;
    std::ranges::copy_if(files, std::back_inserter(found),
                         [](const SourceFile& file) { return is_cpp(file.path); });
    if (found.empty()) throw std::runtime_error("no sources under " + kRoot.string());
    return found;
}

} // namespace

const std::vector<SourceFile>& all_files() {
    static const std::vector<SourceFile> files = read_tree();
    return files;
}

const std::vector<SourceFile>& cpp_files() {
    static const std::vector<SourceFile> files = cpp_of(all_files());
    return files;
}

std::set<std::string> known_to_git(const std::string& folder) {
    const ProgramEnd git = run_program(
        {.words = {"/usr/bin/env", "git", "ls-files", "-z"}, .environment = {}, .folder = folder});
    std::set<std::string> names;
    if (git.exit_code != 0) return names;
    std::istringstream paths{git.out};
    for (std::string path; std::getline(paths, path, '\0');) names.insert(path.substr(0, path.find('/')));
    return names;
}

std::vector<std::string> top_level_entries() {
    const std::set<std::string> known = known_to_git(kRoot);
    std::vector<std::string> entries;
    for (const fs::directory_entry& entry : fs::directory_iterator(kRoot)) {
        std::string name = entry.path().filename().string();
        if (known.empty() ? !is_left_behind(name) : known.contains(name)) entries.push_back(std::move(name));
    }
    std::ranges::sort(entries);
    return entries;
}

std::string text_of(const std::string& path) {
    std::ifstream file(kRoot / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool is_executable(const std::string& path) {
    return (fs::status(kRoot / path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

} // namespace reeld::test
