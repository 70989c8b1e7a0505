#include "tests/bench/measure.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace reeld::bench {

namespace {

std::string written(const char* format, double number) {
    return fmt::format(fmt::runtime(format), number);
}

} // namespace

double Stopwatch::seconds() const {
    return std::chrono::duration<double>(loop_.now().at - since_).count();
}

Figure at_most(const std::string& name, double bound, double measured, const char* format) {
    return {.name = name,
            .asked = "≤ " + written(format, bound),
            .measured = written(format, measured),
            .met = measured <= bound};
}

Figure at_least(const std::string& name, double bound, double measured, const char* format) {
    return {.name = name,
            .asked = "≥ " + written(format, bound),
            .measured = written(format, measured),
            .met = measured >= bound};
}

Figure for_reading(const std::string& name, double measured, const char* format) {
    return {.name = name, .asked = "-", .measured = written(format, measured)};
}

double status_of(pid_t pid, const std::string& name) {
    std::ifstream file(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1));
    }
    throw std::runtime_error(fmt::format("the kernel tells no {} of the program", name));
}

double cpu_of(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    std::getline(file, line);
    // The name stands in brackets and may hold anything; user and system time are the 12th and 13th field
    // behind it.
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double number_in(const rapidjson::Document& report, const char* name) {
    if (report.IsObject() && report.HasMember(name) && report[name].IsNumber())
        return report[name].GetDouble();
    throw std::runtime_error(fmt::format("the sandbox's report has no {}", name));
}

double refused_in(const rapidjson::Document& report) {
    double refused = 0;
    for (const auto& reason : report["refused"].GetObject()) refused += reason.value.GetDouble();
    return refused;
}

void require_success(const test::ProgramEnd& end) {
    if (end.exit_code == 0) return;
    throw std::runtime_error(fmt::format("the program ended with {}: {}", end.exit_code, end.err));
}

double median(std::vector<double> numbers) {
    std::ranges::sort(numbers);
    const std::size_t middle = numbers.size() / 2;
    return numbers.size() % 2 == 1 ? numbers.at(middle) : (numbers.at(middle - 1) + numbers.at(middle)) / 2;
}

} // namespace reeld::bench
