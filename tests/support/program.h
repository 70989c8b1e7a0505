/// Runs a program as a user would, and keeps what it said.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace reeld::test {

struct ProgramEnd {
    int exit_code = -1; ///< -1: ended by `signal`.
    int signal = 0;
    std::string out;
    std::string err;
    double cpu_s = 0; ///< Of the program and of those that it started and waited for.
};

struct ProgramStart {
    std::vector<std::string> words;                 ///< The program and its arguments.
    std::map<std::string, std::string> environment; ///< Beside PATH, nothing else.
    std::filesystem::path folder;                   ///< To run in; empty: here.
    /// A program that says nothing for so long hangs, even under a sanitizer on a busy machine.
    std::chrono::milliseconds silence_max{30'000};
};

/// A program under way, with pipes from its standard output and error.
class Program {
public:
    explicit Program(const ProgramStart& start);
    ~Program(); ///< Kills it, should it still run.
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void send(int signal) const;

    /// Reads until `text` has been said on standard error. False: it ended, or was silent for too long,
    /// before.
    bool wait_for(const std::string& text);

    /// Reads to the end and waits for it.
    ProgramEnd wait();

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// What it has said on standard error and was read so far.
    [[nodiscard]] const std::string& said() const { return end_.err; }

private:
    bool read_more();

    std::chrono::milliseconds silence_max_;
    pid_t pid_ = -1;
    int out_fd_ = -1;
    int err_fd_ = -1;
    ProgramEnd end_;
    bool reaped_ = false;
};

/// Asks a daemon to end, as systemd does, and waits for it.
ProgramEnd stop(Program& daemon);

[[nodiscard]] ProgramEnd run_program(const ProgramStart& start);

} // namespace reeld::test
