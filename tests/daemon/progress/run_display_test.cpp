#include "daemon/progress/run_display.h"

#include "tests/support/sample_journal.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_disk.h"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>

namespace reeld::test {

namespace {

/// Keeps what is written to standard error while it lives.
class StandardError {
public:
    StandardError() : kept_(::memfd_create("stderr", MFD_CLOEXEC)), before_(::dup(STDERR_FILENO)) {
        ::dup2(kept_, STDERR_FILENO);
    }
    ~StandardError() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        ::close(kept_);
    }
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;

    [[nodiscard]] std::string said() const {
        std::array<char, 4096> text{};
        const ssize_t length = ::pread(kept_, text.data(), text.size(), 0);
        return {text.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
    }

private:
    int kept_;
    int before_;
};

/// A program that accepts a batch and tells of it.
struct ToldProgram {
    explicit ToldProgram(const TestDisk& disk)
        : journal({.folder = folder.path(), .provider = "sandbox", .vfs = disk.name()}), http(loop, {}),
          app({loop, journal, http},
              {.config = {}, .key = "key", .only_allowed = true, .typical = {}, .dice = 1},
              {.happened = [this](const Event& event) { display->happened(event); },
               .trouble = [](const std::string&) {},
               .on_journal_failed =
                   [this](const std::string&) {
                       failed = true;
                       loop.exit(0);
                   }}),
          display(std::make_unique<RunDisplay>(app, false)) {
        app.start();
        key = journal.add_batch(sample_batch("harbor", 1));
        const std::array shots = {sample_shot(0)};
        journal.add_shots(key, 0, shots);
    }

    /// Runs until the acceptance is durable, or cannot be.
    void accept() {
        app.record(event::BatchAccepted{sample_facts(key, "harbor", 1)});
        app.after_commit([this] { loop.exit(0); });
        loop.run();
    }

    TempFolder folder;
    Loop loop;
    Journal journal;
    Http http;
    App app;
    std::unique_ptr<RunDisplay> display;
    BatchKey key = 0;
    bool failed = false;
};

} // namespace

TEST_CASE("what happened is told once the journal keeps it") {
    const StandardError out;
    TestDisk disk;
    ToldProgram program(disk);
    program.accept();
    CHECK_FALSE(program.failed);
    CHECK(out.said().find("harbor accepted: 1 shots") != std::string::npos);
}

TEST_CASE("what the journal could not keep is never told") {
    const StandardError out;
    TestDisk disk;
    ToldProgram program(disk);
    disk.log_sync_fails = true;
    program.accept();
    CHECK(program.failed);
    CHECK(out.said().find("harbor accepted") == std::string::npos);
}

} // namespace reeld::test
