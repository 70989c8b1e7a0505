/// A stage for creates: a server that breaks its answers in every way there is, and a client that must not
/// send anything twice. For the tests of Kind::once, and for the measurement with ten thousand creates.
#pragma once

#include "daemon/net/http.h"
#include "tests/support/fault_server.h"
#include "tests/support/temp_folder.h"

#include <memory>
#include <string>
#include <vector>

namespace reeld::test {

class TlsIdentity;

struct Fault {
    std::string name;
    Reaction reaction;
    HttpAnswer::Outcome outcome;
    int status; ///< Of the answer as the client reports it.
};

/// Every way in which an answer can fail to come and the client sees it.
[[nodiscard]] std::vector<Fault> broken_answers();

/// Those that look strange and are whole.
[[nodiscard]] std::vector<Fault> whole_answers();

/// Those that only a timeout ends.
[[nodiscard]] std::vector<Fault> endless_faults();

/// One server with all the faults, and one client that trusts it. Target "/N" has fault N, counted round and
/// round; "/warm" is answered in good order.
struct FaultStage {
    /// `identity`: speak TLS.
    FaultStage(const std::vector<Fault>& faults, const TlsIdentity* identity);

    /// Leaves idle connections in the pool, as polls do. Three requests for "/warm".
    void warm_up();

    /// Turns the loop until no request is under way.
    void finish_all();

    /// The create for target "/N".
    [[nodiscard]] HttpRequest create(std::size_t number,
                                     Duration total_timeout = std::chrono::seconds{60}) const;

    /// No request can be on its way to the server any more: its counts are final.
    void close();

    TempFolder folder;
    FaultServer server;
    Loop loop;
    std::unique_ptr<Http> http;
};

} // namespace reeld::test
