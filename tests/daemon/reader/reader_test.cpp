// The real child process on real files.
#include "daemon/reader/child_limits.h"
#include "daemon/reader/messages.h"
#include "daemon/reader/open_storyboard.h"
#include "daemon/reader/reader.h"
#include "daemon/reader/sha256.h"
#include "tests/support/contains.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

#include <cerrno>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace reeld;
using reeld::test::contains;
using reeld::test::TempFolder;

const std::string kGood =
    "model: kling-v3-pro-text-to-video\nshots:\n  - a\n  - { id: b, prompt: b, takes: 2, note: n }\n";

/// Far beyond what any of these readings takes; a loop that stands still fails the test instead of hanging
/// it.
constexpr Duration kPatience = std::chrono::seconds{60};

/// A file, a loop, and what the reader said about the file.
struct Reading {
    TempFolder folder;
    Loop loop;
    ReadRequest request;
    std::unique_ptr<StoryboardReader> reader;
    std::optional<ReadHeader> header;
    std::vector<StoryboardShot> shots;
    std::optional<std::string> error;
    int answers = 0;
    bool finished = false;
    std::function<void()> after_answer; ///< May be empty.

    explicit Reading(const std::string& text) {
        std::ofstream(folder / "film.yaml", std::ios::binary) << text;
        request.default_name = "film";
    }

    void start(const std::string& program = test::reeld_program()) {
        const OpenedStoryboard opened = open_storyboard(folder / "film.yaml", Links::refuse);
        REQUIRE(opened.fd);
        request.fd = opened.fd.get();
        reader = std::make_unique<StoryboardReader>(loop, program, request,
                                                    [this](ReadHeader&& read) { header = std::move(read); });
    }

    /// A script in the folder, to be run in the place of reeld.
    void write_program(const std::string& name, const std::string& script) const {
        std::ofstream(folder / name) << "#!/bin/sh\n" << script;
        std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
    }

    void read_header() {
        start();
        turn_until([this] { return header.has_value(); });
        REQUIRE(header);
    }

    void read_shots(std::size_t at_a_time) {
        ask(at_a_time);
        turn_until([this] { return finished; });
        REQUIRE(finished);
    }

    void ask(std::size_t count) {
        reader->next_shots(count,
                           [this, count](std::vector<StoryboardShot>&& some, std::optional<std::string> why) {
                               CHECK(some.size() <= count);
                               ++answers;
                               error = std::move(why);
                               finished = some.empty() || error;
                               for (StoryboardShot& shot : some) shots.push_back(std::move(shot));
                               if (after_answer) after_answer();
                               if (!finished) ask(count);
                           });
    }

    template <typename Condition>
    void turn_until(Condition condition) {
        const Instant end = loop.now().at + kPatience;
        while (!condition() && loop.now().at < end) loop.turn(kPatience);
    }

    [[nodiscard]] std::string first_message() const {
        return header->faults.empty() ? std::string{} : header->faults.front().message;
    }
};

/// What a good child would answer, in a file.
void write_answer(const std::filesystem::path& path, std::uint32_t shots) {
    const StoryboardShot shot{.id = "a", .model = "m", .input = "{}", .note = {}, .tags = {}};
    ReadHeader header;
    header.name = "film";
    header.sha256 = sha256_hex("");
    header.shot_count = shots;
    header.models = {"m"};
    std::ofstream answer(path, std::ios::binary);
    answer << encode_header(header);
    for (std::uint32_t i = 0; i < shots; ++i) answer << encode_shot(shot);
}

std::string many_shots(int count) {
    std::string text = "model: kling-v3-pro-text-to-video\nshots:\n";
    for (int i = 0; i < count; ++i) text += fmt::format("  - Shot number {}\n", i);
    return text;
}

} // namespace

TEST_CASE("a good storyboard comes with its name, its digest and its shots in order") {
    Reading reading(kGood);
    reading.read_header();
    CHECK(reading.header->good());
    CHECK(reading.header->name == "film");
    CHECK(reading.header->sha256 == sha256_hex(kGood));
    CHECK(reading.header->shot_count == 3);
    CHECK(reading.header->models == std::vector<std::string>{"kling-v3-pro-text-to-video"});
    CHECK(reading.header->faults.empty());
    reading.read_shots(2);
    REQUIRE(reading.shots.size() == 3);
    CHECK_FALSE(reading.error);
    CHECK(reading.shots[0].input == R"({"prompt":"a"})");
    CHECK(reading.shots[2].id == "b.2");
    CHECK(reading.shots[2].note == "n");
}

TEST_CASE("a bad storyboard comes with its faults and no shots") {
    Reading reading("model: kling-v3-pro-text-to-video\nshots:\n  - { promt: a, duration: 2 }\n");
    reading.read_header();
    CHECK_FALSE(reading.header->good());
    CHECK(reading.header->name.empty());
    CHECK(reading.header->faults.size() == 3);
    CHECK(reading.header->sha256.size() == 64);
    CHECK_FALSE(reading.header->is_trouble);
}

TEST_CASE("many shots come in answers no larger than asked for") {
    Reading reading(many_shots(5'000));
    reading.read_header();
    reading.read_shots(7);
    CAPTURE(reading.error.value_or("none"));
    CHECK(reading.shots.size() == 5'000);
    CHECK(reading.shots.back().input == R"({"prompt":"Shot number 4999"})");
    CHECK_FALSE(reading.error);
}

TEST_CASE("a caller that takes its time gets its shots all the same") {
    Reading reading(many_shots(3'000));
    reading.request.limits.time_max = std::chrono::seconds{30};
    reading.read_header();
    for (int i = 0; i < 20; ++i) reading.loop.turn(Duration{0});
    reading.read_shots(1'000);
    CHECK(reading.shots.size() == 3'000);
    CHECK_FALSE(reading.error);
}

TEST_CASE("a reader that nobody asks for shots does not keep the loop awake") {
    Reading reading(kGood);
    reading.read_header();
    // The child has sent everything and ends. That is one event, if the loop has not taken it in with the
    // header; beside the timer nothing else may come: a pipe that is watched at its end would come again in
    // every turn.
    siginfo_t ended = {};
    const bool is_news = ::waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0;
    REQUIRE((is_news || errno == ECHILD));
    bool woken = false;
    LoopTimer timer(reading.loop, [&woken] { woken = true; });
    timer.arm_after(std::chrono::milliseconds{20});
    int turns = 0;
    for (; !woken && turns < 4; ++turns) reading.loop.turn(kPatience);
    CAPTURE(turns);
    CHECK(woken);
    reading.read_shots(10);
    CHECK(reading.shots.size() == 3);
}

TEST_CASE("the copy has the file's very bytes, also when the storyboard is faulty") {
    for (const std::string& text : {kGood, std::string("\xFF\r\nnot yaml: [")}) {
        Reading reading(text);
        const Fd copy{::open((reading.folder / "copy").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
        reading.request.copy_fd = copy.get();
        reading.read_header();
        std::ifstream file(reading.folder / "copy", std::ios::binary);
        CHECK(std::string{std::istreambuf_iterator<char>(file), {}} == text);
    }
}

TEST_CASE("a copy that cannot be written is trouble with the machine, not with the file") {
    Reading reading(kGood);
    const Fd full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
    reading.request.copy_fd = full.get();
    reading.read_header();
    CHECK_FALSE(reading.header->good());
    CHECK(reading.header->is_trouble);
    CHECK(contains(reading.first_message(), "No space left"));
}

TEST_CASE("a file over the limit is refused by the limit's name and not copied") {
    Reading reading(kGood);
    reading.request.limits.bytes_max = 20;
    const Fd copy{::open((reading.folder / "copy").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    reading.request.copy_fd = copy.get();
    reading.read_header();
    CHECK(reading.first_message() == "the file is larger than 20 bytes (storyboard.bytes): split it");
    CHECK(reading.header->sha256.empty());
    CHECK(std::filesystem::file_size(reading.folder / "copy") == 0);
}

TEST_CASE("a file of 65 MiB is refused") {
    Reading reading("");
    std::filesystem::resize_file(reading.folder / "film.yaml", std::uintmax_t{65} << 20);
    reading.read_header();
    CHECK(reading.first_message() == "the file is larger than 64 MiB (storyboard.bytes): split it");
}

TEST_CASE("running out of memory is a fault that names the limit") {
    if (!memory_limit_holds()) return;
    Reading reading(std::string(3'000'000, '['));
    reading.request.limits.memory_bytes_max = std::uint64_t{128} << 20;
    reading.read_header();
    CHECK(reading.first_message() ==
          "reading it took more than 128 MiB of memory (storyboard.memory): split the file");
}

TEST_CASE("running out of time is a fault that names the limit") {
    Reading reading(many_shots(1'000));
    reading.request.limits.time_max = Duration{1};
    reading.read_header();
    CHECK(contains(reading.first_message(), "(storyboard.time)"));
    CHECK_FALSE(reading.header->good());
}

TEST_CASE("learned schemas reach the child, and one that cannot be used is a warning") {
    Reading reading("shots:\n  - { model: m, seed: 5 }\n  - { model: n, seed: 5 }\n");
    reading.request.learned_models = {{"m", R"({"properties": {"seed": {"type": "string"}}})"}, {"n", "{"}};
    reading.read_header();
    REQUIRE(reading.header->good());
    CHECK(contains(reading.first_message(), "the schema that the provider has for n is not JSON"));
    CHECK(reading.header->unknown_models == std::vector<std::string>{"n"});
    reading.read_shots(10);
    CHECK(reading.shots[0].input == R"({"seed":"5"})");
    CHECK(reading.shots[1].input == R"({"seed":5})");
}

TEST_CASE("the hostile one-byte storyboard costs one file") {
    Reading reading(",");
    reading.read_header();
    CHECK_FALSE(reading.header->good());
    CHECK(reading.header->faults.size() == 1);
}

TEST_CASE("a program that is no reader is a fault, and one that is not there an exception") {
    Reading reading(kGood);
    reading.start("/bin/true");
    reading.turn_until([&] { return reading.header.has_value(); });
    REQUIRE(reading.header);
    CHECK(contains(reading.first_message(), "ended early (exit code 0)"));
    CHECK_THROWS_AS(reading.start("/nonexistent/reeld"), std::system_error);
}

TEST_CASE("a child that sends nonsense is found out") {
    Reading reading(kGood);
    reading.write_program("liar", "echo 'I am a header, trust me'\n");
    reading.start((reading.folder / "liar").string());
    reading.turn_until([&] { return reading.header.has_value(); });
    REQUIRE(reading.header);
    CHECK(reading.first_message() == "its reader sent nonsense");
}

TEST_CASE("what the child sent before it ended is handed over after its end is known") {
    Reading reading(kGood);
    write_answer(reading.folder / "answer", 20);
    REQUIRE(::mkfifo((reading.folder / "gate").c_str(), 0600) == 0);
    reading.write_program("child", fmt::format("/bin/cat '{0}/answer'\nexec 1>&-\nread word < '{0}/gate'\n",
                                               reading.folder.path().string()));
    reading.start((reading.folder / "child").string());
    reading.turn_until([&] { return reading.header.has_value(); });
    REQUIRE(reading.header);
    // After the tenth answer the child ends, while the other shots wait in the buffer or in the pipe. The
    // test waits for that without taking the news from the loop.
    reading.after_answer = [&] {
        if (reading.answers != 10) return;
        std::ofstream(reading.folder / "gate") << "go\n";
        siginfo_t ended{};
        REQUIRE(::waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0);
    };
    reading.read_shots(1);
    CHECK(reading.shots.size() == 20);
    CHECK_FALSE(reading.error);
}

TEST_CASE("the child inherits no environment and no descriptor but its own") {
    Reading reading(kGood);
    const Fd secret{::fcntl(STDIN_FILENO, F_DUPFD, 100)}; // Inheritable on purpose.
    reading.write_program("spy", "ls /proc/self/fd >&4\n/usr/bin/env >&4\n");
    const Fd copy{::open((reading.folder / "copy").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    reading.request.copy_fd = copy.get();
    ::setenv("EACHLABS_API_KEY", "secret", 1);
    reading.start((reading.folder / "spy").string());
    ::unsetenv("EACHLABS_API_KEY");
    reading.turn_until([&] { return reading.header.has_value(); });
    std::ifstream file(reading.folder / "copy");
    const std::string seen{std::istreambuf_iterator<char>(file), {}};
    CHECK(contains(seen, "0\n1\n2\n3\n4\n"));
    CHECK_FALSE(contains(seen, fmt::format("{}\n", secret.get())));
    CHECK_FALSE(contains(seen, "EACHLABS"));
}

TEST_CASE("destroying a reader ends its child at once and calls nothing back") {
    Reading reading(many_shots(20'000));
    reading.start();
    reading.reader.reset();
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1); // No child is left, not even a dead one.
    reading.loop.turn(Duration{0});
    CHECK_FALSE(reading.header);
}

TEST_CASE("a reader may be destroyed from inside its own callbacks") {
    Reading reading(kGood);
    const OpenedStoryboard opened = open_storyboard(reading.folder / "film.yaml", Links::refuse);
    reading.request.fd = opened.fd.get();
    bool called = false;
    reading.reader = std::make_unique<StoryboardReader>(
        reading.loop, test::reeld_program(), reading.request, [&](ReadHeader&&) {
            reading.reader->next_shots(1,
                                       [&](std::vector<StoryboardShot>&&, const std::optional<std::string>&) {
                                           reading.reader.reset();
                                           called = true;
                                       });
        });
    reading.turn_until([&] { return called; });
    CHECK(called);

    Reading second(kGood);
    second.request.fd = opened.fd.get();
    called = false;
    second.reader =
        std::make_unique<StoryboardReader>(second.loop, "/bin/true", second.request, [&](ReadHeader&&) {
            second.reader.reset();
            called = true;
        });
    second.turn_until([&] { return called; });
    CHECK(called);
}

TEST_CASE("the child does not run for anybody who is not its parent") {
    const std::string command = test::reeld_program() + " read-storyboard < /dev/null > /dev/null";
    const int status = std::system(command.c_str());
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 10);
}
