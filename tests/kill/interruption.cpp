#include "tests/kill/interruption.h"

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace reeld::test {

namespace {

constexpr int kShots = 12;

/// A start that is not disturbed finishes; more than one are wanted only when it said why it ended.
constexpr int kStartsMax = 4;

/// The program under strace, which leaves its trace of `calls` in the night's folder.
ProgramStart traced(const Night& night, const std::set<std::string>& calls,
                    const std::vector<std::string>& options) {
    auto start = night.reeld({"run", "harbor.yaml"});
    std::vector<std::string> words = {
        "/usr/bin/strace", "-qq", "-o", "trace", "-e", fmt::format("trace={}", fmt::join(calls, ","))};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), start.words.begin(), start.words.end());
    start.words = std::move(words);
    start.environment["ASAN_OPTIONS"] = "detect_leaks=0"; // The leak sanitizer does not work under a tracer.
    return start;
}

/// Why the end of an injured start is none that a person could live with, or an empty string.
std::string fault_in_end(const Injection& injection, const ProgramEnd& end) {
    if (end.exit_code == 0 || (injection.kills() && end.signal == SIGKILL)) return "";
    if (end.exit_code > 0 && end.err.find("reeld: ") != std::string::npos) return "";
    return fmt::format("it ended with code {}, signal {}, saying: {}", end.exit_code, end.signal, end.err);
}

std::string text_of(const rapidjson::Value& value, const char* key) {
    return value.HasMember(key) && value[key].IsString() ? value[key].GetString() : "";
}

/// What is wrong with one shot of a manifest, as a document or as a line.
std::string fault_in_shot(const rapidjson::Value& shot, int index) {
    const auto id = fmt::format("shot-{}", index + 1);
    if (text_of(shot, "shot") != id)
        return fmt::format("{} stands where {} should", text_of(shot, "shot"), id);
    if (text_of(shot, "status") != "succeeded") return fmt::format("{} is {}", id, text_of(shot, "status"));
    if (text_of(shot, "url").empty() || text_of(shot, "prediction_id").empty()) return id + " has no result";
    if (!shot.HasMember("attempts") || shot["attempts"].GetInt() != 1) return id + " has not one attempt";
    const auto prompt = fmt::format("A gull lands on railing number {}", index + 1);
    if (!shot.HasMember("input") || text_of(shot["input"], "prompt") != prompt)
        return id + " has another input";
    return "";
}

std::string fault_in_lines(const std::string& lines, const rapidjson::Document& manifest) {
    std::istringstream text(lines);
    std::map<std::string, int> seen;
    for (std::string line; std::getline(text, line);) {
        rapidjson::Document shot;
        shot.Parse(line.c_str());
        if (!shot.IsObject()) return "manifest.jsonl has a line that is none: " + line;
        if (++seen[text_of(shot, "shot")] > 1) return "manifest.jsonl has twice: " + text_of(shot, "shot");
        const auto& shots = manifest["shots"];
        const auto index = static_cast<rapidjson::SizeType>(shot["index"].GetInt());
        if (index >= shots.Size() || shots[index] != shot)
            return "a line differs from manifest.json: " + line;
    }
    if (seen.size() == manifest["shots"].Size() && lines.ends_with("\n")) return "";
    return fmt::format("manifest.jsonl has {} lines", seen.size());
}

std::string fault_in_names(const std::filesystem::path& folder, const std::set<std::string>& expected) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    if (names == expected) return "";
    return fmt::format("{} holds {}", folder.filename().string(), fmt::join(names, ", "));
}

} // namespace

const std::set<std::string>& calls_that_matter() {
    static const std::set<std::string> kCalls = {
        "accept4",   "clone",    "clone3",    "close",    "connect",   "copy_file_range", "epoll_wait",
        "fallocate", "fchown",   "fdatasync", "flock",    "fsync",     "ftruncate",       "link",
        "linkat",    "mkdir",    "mkdirat",   "openat",   "poll",      "pwrite64",        "read",
        "recvfrom",  "recvmsg",  "rename",    "renameat", "renameat2", "rmdir",           "sendmsg",
        "sendto",    "shutdown", "socket",    "symlink",  "symlinkat", "unlink",          "unlinkat",
        "vfork",     "waitid",   "write",     "writev"};
    return kCalls;
}

const std::set<std::string>& calls_that_write() {
    static const std::set<std::string> kCalls = {
        "copy_file_range", "fallocate", "fdatasync", "fsync",    "ftruncate", "link",
        "linkat",          "mkdir",     "mkdirat",   "pwrite64", "rename",    "renameat2",
        "symlink",         "symlinkat", "unlink",    "unlinkat", "write",     "writev"};
    return kCalls;
}

HastyNight::HastyNight() : Night({"--time", "20ms"}) {
    configure("settle", "200ms");
}

std::map<std::string, int> count_calls(const std::set<std::string>& calls) {
    const HastyNight night;
    night.write("harbor.yaml", Night::storyboard(kShots));
    if (run_program(traced(night, calls, {})).exit_code != 0) throw std::runtime_error("a quiet night fails");
    std::map<std::string, int> counts;
    std::istringstream trace(read_file(night.folder() / "trace"));
    for (std::string line; std::getline(trace, line);) {
        const auto name = line.substr(0, line.find('('));
        if (calls.contains(name)) ++counts[name];
    }
    return counts;
}

Aftermath injure(const Injection& injection) {
    HastyNight night;
    const auto storyboard = Night::storyboard(kShots);
    night.write("harbor.yaml", storyboard);
    const auto order = fmt::format("inject={}:{}:when={}", injection.call, injection.what, injection.number);
    auto end = run_program(traced(night, {injection.call}, {"-e", order}));
    Aftermath aftermath;
    aftermath.reached = injection.kills()
                            ? end.signal == SIGKILL
                            : read_file(night.folder() / "trace").find("(INJECTED)") != std::string::npos;
    aftermath.fault = fault_in_end(injection, end);
    // Also when it came to its end all the same: what it could not write, it said, and the next start mends
    // it.
    int starts = 0;
    do end = run_program(night.reeld({"run", "harbor.yaml"}));
    while (++starts < kStartsMax && end.exit_code != 0);
    if (!aftermath.fault.empty()) return aftermath;
    if (end.exit_code != 0) aftermath.fault = "it does not come to an end: " + end.err;
    if (aftermath.fault.empty()) aftermath.fault = fault_in_creates(night, kShots);
    if (aftermath.fault.empty()) aftermath.fault = fault_in_names(night.folder() / "output", {"harbor"});
    if (aftermath.fault.empty()) aftermath.fault = fault_in_output(night, "harbor", storyboard, kShots);
    return aftermath;
}

std::string fault_in_output(const Night& night, const std::string& batch, const std::string& storyboard,
                            int shots) {
    const auto manifest = night.manifest(batch);
    if (!manifest.IsObject()) return batch + " has no manifest.json";
    if (text_of(manifest, "status") != "succeeded") return batch + " is " + text_of(manifest, "status");
    if (static_cast<int>(manifest["shots"].Size()) != shots)
        return fmt::format("{} has {} shots", batch, manifest["shots"].Size());
    for (int i = 0; i < shots; ++i) {
        auto fault = fault_in_shot(manifest["shots"][static_cast<rapidjson::SizeType>(i)], i);
        if (!fault.empty()) return batch + ": " + fault;
    }
    auto fault = fault_in_lines(night.output(batch, "manifest.jsonl"), manifest);
    if (!fault.empty()) return batch + ": " + fault;
    if (night.output(batch, "storyboard.yaml") != storyboard) return batch + ": storyboard.yaml differs";
    return fault_in_names(night.folder() / "output" / batch,
                          {"manifest.json", "manifest.jsonl", "storyboard.yaml"});
}

std::string fault_in_creates(Night& night, int shots) {
    const auto report = night.sandbox().report();
    const int accepted = report["creates_accepted"].GetInt();
    const auto twice = report["identical_inputs"].Size();
    if (accepted == shots && twice == 0) return "";
    return fmt::format("the provider accepted {} creates for {} shots; inputs created twice: {}", accepted,
                       shots, twice);
}

} // namespace reeld::test
