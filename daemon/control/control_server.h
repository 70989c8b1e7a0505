/// The operator's door: the control API on the unix socket STATE/reeld.sock.
///
/// The file's mode (0660) lets in the daemon's user, root, and the file's group; who is let in is checked
/// again by the credentials that the kernel tells of the peer, since a mode is easily changed. Everybody else
/// is answered 403.
///
/// Only here, never on a port, is there POST /v1/sessions -> 201 {"url", "until"}: the address that opens the
/// page with a session, once. Whoever may act here may act there.
///
/// Threading: the loop's. Ownership: borrows loop and API, which must outlive it.
#pragma once

#include "daemon/control/control_api.h"
#include "daemon/control/page_server.h"
#include "daemon/control/socket_place.h"
#include "daemon/http/server.h"

#include <filesystem>
#include <functional>
#include <variant>

namespace reeld {

/// Whether a process may act through a socket file: it is of the daemon's own user, of root, or, when the
/// file's mode lets its group write, of that group.
struct SocketFile {
    uid_t daemon_uid = 0;
    gid_t group = 0;
    bool group_may = true;
};
[[nodiscard]] bool may_act(const http::Peer& peer, const SocketFile& file);

class ControlServer {
public:
    /// Asks the page's server for an invitation, or says why there is none.
    using Invite = std::function<std::variant<PageServer::Invitation, Refused>()>;

    struct Options {
        std::filesystem::path state;
        std::size_t body_bytes_max = 0; ///< The largest storyboard.
    };

    /// Throws std::runtime_error when the socket cannot be had.
    ControlServer(Loop& loop, ControlApi& api, const Options& options, Invite invite);

    /// For people.
    [[nodiscard]] const std::string& path() const { return place_.path(); }

private:
    void answer(const http::Request& request, const http::Respond& respond);
    [[nodiscard]] http::Reply invitation(const http::Request& request) const;
    [[nodiscard]] SocketFile file() const;

    ControlApi& api_;
    Invite invite_;
    SocketPlace place_;
    http::Server server_;
};

} // namespace reeld
