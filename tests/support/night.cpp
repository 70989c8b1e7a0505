#include "tests/support/night.h"
#include "tests/support/places.h"

#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace reeld::test {

namespace {

/// One GET over a socket of its own; the body of the answer.
std::string get(int port, const std::string& path) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd);
        throw std::runtime_error("the sandbox does not answer");
    }
    const std::string request =
        fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    static_cast<void>(::send(fd, request.data(), request.size(), MSG_NOSIGNAL));
    std::string answer;
    std::array<char, 4096> chunk{};
    ssize_t got = 0;
    while ((got = ::recv(fd, chunk.data(), chunk.size(), 0)) > 0)
        answer.append(chunk.data(), static_cast<std::size_t>(got));
    ::close(fd);
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

/// A port that was free a moment ago.
int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool had = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(fd);
    if (!had) throw std::runtime_error("no port is free");
    return ntohs(address.sin_port);
}

} // namespace

SandboxProgram::SandboxProgram(const std::vector<std::string>& options) {
    std::array<int, 2> ready{};
    if (::pipe(ready.data()) != 0) throw std::runtime_error("cannot make a pipe");
    ProgramStart start{
        .words = {reeld_program(), "sandbox", "--port", "0", "--ready-fd", std::to_string(ready[1])}};
    start.words.insert(start.words.end(), options.begin(), options.end());
    program_ = std::make_unique<Program>(start);
    ::close(ready[1]);
    std::array<char, 256> text{};
    const ssize_t got = ::read(ready[0], text.data(), text.size());
    ::close(ready[0]);
    if (got <= 0) throw std::runtime_error("the sandbox did not start: " + program_->wait().err);
    base_url_ = std::string(text.data(), static_cast<std::size_t>(got));
    while (!base_url_.empty() && base_url_.back() == '\n') base_url_.pop_back();
}

rapidjson::Document SandboxProgram::report() const {
    const auto colon = base_url_.rfind(':');
    rapidjson::Document document;
    document.Parse(get(std::stoi(base_url_.substr(colon + 1)), "/report").c_str());
    return document;
}

Night::Night(const std::vector<std::string>& sandbox_options) : sandbox_(sandbox_options) {
    config_["api"] = fmt::format("{{ base_url: \"{}\" }}", sandbox_.base_url());
    config_["polling"] = "{ min: 10ms, max: 50ms }";
    config_["retries"] = "{ backoff: 10ms, backoff_max: 20ms }";
    config_["output"] = (folder_ / "output").string();
    config_["state"] = (folder_ / "state").string();
}

std::string Night::write(const std::string& name, const std::string& content) const {
    const auto path = folder_ / name;
    write_file(path, content);
    return path.string();
}

std::string Night::storyboard(int shots) {
    std::string text = "model: kling-v3-pro-text-to-video\nshots:\n";
    for (int i = 1; i <= shots; ++i) text += fmt::format("  - A gull lands on railing number {}\n", i);
    return text;
}

void Night::listen_for_webhooks() {
    const int port = free_port();
    configure("webhook", fmt::format("{{ public_url: \"http://127.0.0.1:{0}/hooks\", listen: "
                                     "\"127.0.0.1:{0}\" }}",
                                     port));
}

std::string Night::listen_for_browsers() {
    const std::string address = fmt::format("127.0.0.1:{}", free_port());
    configure("http", fmt::format("{{ listen: \"{}\", hosts: [reeld.test] }}", address));
    return "http://" + address;
}

void Night::write_configuration() const {
    std::string text;
    for (const auto& [key, value] : config_) text += fmt::format("{}: {}\n", key, value);
    // Put there whole: programs that were started before may be reading the one of before.
    std::filesystem::rename(write("reeld.yaml.new", text), folder_ / "reeld.yaml");
}

ProgramStart Night::reeld(const std::vector<std::string>& words) const {
    write_configuration();
    ProgramStart start{.words = {reeld_program()},
                       .environment = {{"REELD_CONFIG", (folder_ / "reeld.yaml").string()},
                                       {"EACHLABS_API_KEY", "key-for-tests"}},
                       .folder = folder_.path()};
    start.words.insert(start.words.end(), words.begin(), words.end());
    return start;
}

std::string Night::output(const std::string& batch, const std::string& file) const {
    return read_file(folder_.path() / "output" / batch / file);
}

rapidjson::Document Night::manifest(const std::string& batch) const {
    rapidjson::Document document;
    document.Parse(output(batch, "manifest.json").c_str());
    return document;
}

std::vector<std::string> losing_every_create(const std::vector<std::string>& more) {
    std::vector<std::string> options{"--time",        "30ms",        "--misbehave",
                                     "create-lost=1", "--misbehave", "list-404=1"};
    options.insert(options.end(), more.begin(), more.end());
    return options;
}

std::string first_prediction(const std::filesystem::path& sandbox_state) {
    const std::string kept = read_file(sandbox_state);
    const std::string key = R"("id":")";
    const auto from = kept.find(key) + key.size();
    return kept.substr(from, kept.find('"', from) - from);
}

} // namespace reeld::test
