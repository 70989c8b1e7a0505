#include "daemon/net/http.h"
#include "tests/bench/measure.h"

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>

namespace reeld::bench {

namespace {

using namespace std::chrono_literals;

constexpr int kShots = 100'000;
constexpr double kIdleSeconds = 20;

/// As long as people's are: some 16 MB together.
std::string storyboard() {
    std::string text = "model: kling-v3-pro-text-to-video\nshots:\n";
    for (int i = 1; i <= kShots; ++i) {
        text +=
            fmt::format("  - id: gull-{}\n    duration: 10\n    prompt: A gull lands on railing number {}, "
                        "35mm film, soft light from the left, the harbor behind it out of focus\n",
                        i, i);
    }
    return text;
}

/// A daemon beside a watch folder, with the storyboard ready to be dropped.
struct Daemon {
    explicit Daemon(const std::vector<std::string>& sandbox_options) : night(sandbox_options) {
        std::filesystem::create_directory(inbox());
        ready_file = night.write("ready.yaml", storyboard());
        night.configure("watch", inbox().string());
    }

    [[nodiscard]] std::filesystem::path inbox() const { return night.folder() / "inbox"; }
    [[nodiscard]] std::unique_ptr<test::Program> start() const {
        return std::make_unique<test::Program>(night.reeld({"serve"}));
    }
    /// After a moment in which the daemon begins to watch: what is there before waits for the second scan.
    void drop() const {
        Stopwatch().pause(500ms);
        std::filesystem::rename(ready_file, inbox() / "harbor.yaml");
    }

    test::Night night;
    std::string ready_file;
};

void expect(test::Program& program, const std::string& text) {
    if (program.wait_for(text)) return;
    throw std::runtime_error(fmt::format("reeld never said \"{}\": {}", text, program.said()));
}

test::ProgramEnd stop_well(test::Program& program) {
    auto end = test::stop(program);
    require_success(end);
    return end;
}

double longest_turn_ms(const test::ProgramEnd& end) {
    const std::string field = "longest_turn_ms=";
    const auto at = end.err.rfind(field);
    if (at == std::string::npos) throw std::runtime_error("reeld did not tell its longest turn");
    return std::stod(end.err.substr(at + field.size()));
}

/// Seconds from starting the program until its first create has reached the sandbox.
double restart_s(Daemon& daemon, std::unique_ptr<test::Program>& program) {
    const auto arrived = [&] {
        return number_in(daemon.night.sandbox().report(), "creates_arrived");
    };
    const double before = arrived();
    Stopwatch watch;
    program = daemon.start();
    while (arrived() == before) {
        if (watch.seconds() > 60) throw std::runtime_error("no create within a minute of the start");
        watch.pause(2ms);
    }
    return watch.seconds();
}

/// How long `reeld status` takes, as a whole process.
double status_ms(const test::Night& night) {
    std::vector<double> times;
    for (int i = 0; i < 9; ++i) {
        const Stopwatch watch;
        require_success(test::run_program(night.reeld({"status"})));
        times.push_back(watch.seconds() * 1000);
    }
    return median(times);
}

/// What the daemon takes of a core, in percent, while somebody listens as the page does, and somebody asks
/// for /metrics every five seconds.
double watched_percent(const std::string& url, pid_t pid) {
    Loop loop;
    Http http(loop, {});
    const auto ask = [&](const char* path, Duration patience) {
        http.start({.url = url + path, .total_timeout = patience}, [](HttpAnswer&&) {});
    };
    ask("/v1/events", 1h);
    constexpr int kScrapes = 4;
    const double before = cpu_of(pid);
    for (int i = 0; i < kScrapes; ++i) {
        ask("/metrics", 5s);
        const Stopwatch watch;
        while (watch.seconds() < 5) loop.turn(100ms);
    }
    return (cpu_of(pid) - before) / (kScrapes * 5) * 100;
}

} // namespace

Figures accepted() {
    const Daemon daemon({"--time", "8s"});
    const auto program = daemon.start();
    expect(*program, "watching");
    daemon.drop();
    const Stopwatch watch;
    expect(*program, "accepted: 100000 shots");
    const double seconds = watch.seconds();
    expect(*program, "is rendering");
    const double megabytes = status_of(program->pid(), "VmHWM") / 1024;
    const auto end = stop_well(*program);
    return {at_most("from drop to accepted", 5, seconds, "{:.2f} s"),
            at_most("peak memory", 150, megabytes, "{:.0f} MB"),
            at_most("longest turn of the loop", 50, longest_turn_ms(end), "{:.1f} ms")};
}

Figures idle() {
    // Short, so that a slot is free soon whatever was sent before the kill.
    Daemon daemon({"--misbehave", "auth=1", "--time", "100ms", "--spread", "0"});
    const std::string page = daemon.night.listen_for_browsers();
    auto program = daemon.start();
    expect(*program, "watching");
    daemon.drop();
    expect(*program, "accepted: 100000 shots");
    // The first create is refused for its key, and the account is suspended: all shots wait.
    expect(*program, "http_status=401");
    Stopwatch watch;
    watch.pause(2s);
    const double before = status_of(program->pid(), "voluntary_ctxt_switches");
    watch.pause(std::chrono::seconds{static_cast<int>(kIdleSeconds)});
    const double wakeups = status_of(program->pid(), "voluntary_ctxt_switches") - before;
    const double status = status_ms(daemon.night);
    const double watched = watched_percent(page, program->pid());
    stop_well(*program);
    const double clean_s = restart_s(daemon, program);
    program->send(SIGKILL);
    static_cast<void>(program->wait());
    const double crashed_s = restart_s(daemon, program);
    stop_well(*program);
    // One scan of the watch folder may fall into the time; each may wait for the disk a few times.
    return {at_most("wake-ups in 20 s", 4, wakeups, "{:.0f}"),
            at_most("status, the whole command", 100, status, "{:.0f} ms"),
            at_most("CPU with page and metrics open", 1, watched, "{:.2f} %"),
            at_most("restart to first create", 2, clean_s, "{:.2f} s"),
            at_most("the same after kill -9", 2, crashed_s, "{:.2f} s")};
}

} // namespace reeld::bench
