#include "daemon/control/control_server.h"
#include "tests/support/temp_folder.h"

#include <cerrno>
#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("the daemon's user, root, and the group of the socket's file may act, and nobody else") {
    const SocketFile file{.daemon_uid = 1000, .group = 50, .group_may = true};
    const auto peer = [](uid_t uid, gid_t gid, std::vector<gid_t> groups = {}) {
        return http::Peer{.uid = uid, .gid = gid, .groups = std::move(groups), .address = ""};
    };
    CHECK(may_act(peer(1000, 1000), file));
    CHECK(may_act(peer(0, 0), file));
    CHECK(may_act(peer(1001, 50), file));
    CHECK(may_act(peer(1001, 1001, {7, 50}), file));
    CHECK_FALSE(may_act(peer(1001, 1001, {7}), file));
    CHECK_FALSE(may_act(peer(1001, 50), {.daemon_uid = 1000, .group = 50, .group_may = false}));
    CHECK_FALSE(may_act({}, file)); // The kernel does not say who it is.
}

TEST_CASE("a socket's place is spelled within the kernel's limit, however deep its folder") {
    const TempFolder folder;
    const auto deep = folder / std::string(120, 'd');
    std::filesystem::create_directory(deep);
    const SocketPlace place(deep);
    CHECK(place.path() == (deep / "reeld.sock").string());
    CHECK(place.short_path().size() < 108);
    CHECK(place.why_unreachable() == ENOENT);
    CHECK(SocketPlace(folder / "none").why_unreachable() == ENOENT);
}

} // namespace reeld::test
