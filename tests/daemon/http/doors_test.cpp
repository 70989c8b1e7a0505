#include "tests/daemon/http/host.h"
#include "tests/support/temp_folder.h"

#include <fstream>
#include <optional>
#include <sys/stat.h>

namespace reeld::http {

using namespace test;

namespace {

Server::Options on_file(const std::string& path) {
    Server::Options options = patient();
    options.listen.unix_path = path;
    options.listen.remedy = "stop the other one";
    return options;
}

unsigned mode_of(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777U : 0;
}

/// A socket file as a process leaves it behind that was killed.
void leave_behind(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(fd);
}

} // namespace

TEST_CASE("a client of the unix socket is known by its user and group, one of TCP by its address") {
    const TempFolder folder;
    Host file(on_file(folder / "socket"));
    RawClient client(file.loop, folder / "socket");
    client.send(kGet);
    CHECK(status_of(client.answer()) == 200);
    CHECK(file.peer.uid == ::geteuid());
    CHECK(file.peer.gid == ::getegid());
    CHECK(file.peer.address.empty());
    CHECK(file.server.port() == 0);

    Host tcp;
    CHECK(status_of(tcp.exchange(kGet)) == 200);
    CHECK_FALSE(tcp.peer.uid.has_value());
    CHECK(tcp.peer.address == "127.0.0.1");
}

TEST_CASE("the socket file has the mode that was asked for, whatever the umask, and goes with its server") {
    const TempFolder folder;
    const std::string path = folder / "socket";
    for (const mode_t umask : {0U, 077U}) {
        const mode_t before = ::umask(umask);
        const std::optional<Host> host(std::in_place, on_file(path));
        ::umask(before);
        CHECK(mode_of(path) == 0660);
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a socket file that a dead process left behind is replaced") {
    const TempFolder folder;
    leave_behind(folder / "socket");
    Host host(on_file(folder / "socket"));
    RawClient client(host.loop, folder / "socket");
    client.send(kGet);
    CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("a socket that somebody listens on is an error, and goes on working") {
    const TempFolder folder;
    const std::string path = folder / "socket";
    Host host(on_file(path));
    CHECK_THROWS_WITH_AS(Host(on_file(path)),
                         doctest::Contains("another process listens there; stop the other one"),
                         std::runtime_error);
    RawClient client(host.loop, path);
    client.send(kGet);
    CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("a file that is no socket is left alone") {
    const TempFolder folder;
    const std::string path = folder / "socket";
    std::ofstream(path) << "text";
    CHECK_THROWS_WITH_AS(Host(on_file(path)), doctest::Contains("no socket"), std::runtime_error);
    CHECK(std::filesystem::file_size(path) == 4);
}

TEST_CASE("a socket that took the place of the server's own is left alone") {
    const TempFolder folder;
    const std::string path = folder / "socket";
    {
        const Host host(on_file(path));
        std::filesystem::remove(path);
        leave_behind(path);
    }
    CHECK(std::filesystem::exists(path));
}

TEST_CASE("a place that cannot be had is an error that names it, the cause and the remedy") {
    const TempFolder folder;
    CHECK_THROWS_WITH_AS(Host(on_file(folder / "none/socket")),
                         doctest::Contains("none/socket: No such file or directory; stop"),
                         std::runtime_error);
    CHECK_THROWS_WITH_AS(Host(on_file(folder / std::string(120, 'x'))), doctest::Contains("too long"),
                         std::runtime_error);
    Host first;
    Server::Options taken = patient();
    taken.listen.port = first.server.port();
    const std::string place = fmt::format("127.0.0.1:{}: Address already in use", taken.listen.port);
    CHECK_THROWS_WITH_AS(Host{taken}, doctest::Contains(place.c_str()), std::runtime_error);
    taken.listen.address = "localhost";
    CHECK_THROWS_WITH_AS(Host{taken}, doctest::Contains("no IP address"), std::runtime_error);
}

} // namespace reeld::http
