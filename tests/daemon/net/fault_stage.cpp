#include "tests/daemon/net/fault_stage.h"

#include "tests/support/fetch.h"
#include "tests/support/tls_identity.h"

#include <fstream>

namespace reeld::test {

using Then = Reaction::Then;
using Outcome = HttpAnswer::Outcome;

namespace {

const std::string garbage = std::string("\x16\x03\x01\x00\xff", 5) + " SSH-2.0 what\r\n\r\n";

const std::string framed = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

Reaction react(const std::vector<Fault>& faults, const ReceivedRequest& request) {
    if (request.target() == "/warm") return answer(200, "warm");
    if (request.target() == "*") return {"", Then::close}; // HTTP/2's first words.
    return faults.at(std::stoul(request.target().substr(1)) % faults.size()).reaction;
}

} // namespace

std::vector<Fault> broken_answers() {
    return {
        {"closes", {"", Then::close}, Outcome::lost, 0},
        {"resets", {"", Then::reset}, Outcome::lost, 0},
        {"half a status line", {"HTTP/1.", Then::close}, Outcome::lost, 0},
        {"a status line without its end", {"HTTP/1.1 200 OK", Then::close}, Outcome::lost, 0},
        {"a status line and a close", {"HTTP/1.1 200 OK\r\n", Then::close}, Outcome::lost, 200},
        {"a status line and a reset", {"HTTP/1.1 200 OK\r\n", Then::reset}, Outcome::lost, 200},
        {"headers cut before the empty line",
         {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", Then::close},
         Outcome::lost,
         200},
        {"no body and no length", {"HTTP/1.1 200 OK\r\n\r\n", Then::close}, Outcome::lost, 200},
        {"a body without a length", {"HTTP/1.1 200 OK\r\n\r\n{\"id\":1}", Then::close}, Outcome::lost, 200},
        {"half a body", {framed + "12345", Then::close}, Outcome::lost, 200},
        {"half a body and a reset", {framed + "12345", Then::reset}, Outcome::lost, 200},
        {"half a chunk", {chunked + "a\r\n12345", Then::close}, Outcome::lost, 200},
        {"chunks without the last", {chunked + "5\r\n12345\r\n", Then::close}, Outcome::lost, 200},
        {"a body beyond the limit",
         {"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", Then::flood},
         Outcome::lost,
         200},
        {"headers without end", {"HTTP/1.1 200 OK\r\nX: ", Then::flood}, Outcome::lost, 200},
        {"garbage", {garbage, Then::close}, Outcome::lost, 0},
        {"only an interim answer", {"HTTP/1.1 100 Continue\r\n\r\n", Then::close}, Outcome::lost, 0},
        {"an unasked change of protocol",
         {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", Then::close},
         Outcome::lost,
         0},
        {"a length that is no number",
         {"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n0123456789", Then::close},
         Outcome::lost,
         200},
    };
}

std::vector<Fault> whole_answers() {
    return {
        {"5xx", answer(503, "overloaded"), Outcome::answered, 503},
        {"401 with a challenge", answer(401, "no", "WWW-Authenticate: Basic realm=\"x\"\r\n"),
         Outcome::answered, 401},
        {"408 and a close",
         {answer(408, "", "Connection: close\r\n").bytes, Then::close},
         Outcome::answered,
         408},
        {"417", answer(417, ""), Outcome::answered, 417},
        {"307", answer(307, "", "Location: /other\r\n"), Outcome::answered, 307},
        {"more than the length promises", {framed + "0123456789garbage", Then::keep}, Outcome::answered, 200},
        {"an interim answer first",
         {"HTTP/1.1 103 Early Hints\r\n\r\n" + framed + "0123456789", Then::keep},
         Outcome::answered,
         200},
        {"chunks to the last",
         {chunked + "5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n", Then::keep},
         Outcome::answered,
         200},
        {"204", {"HTTP/1.1 204 No Content\r\n\r\n", Then::close}, Outcome::answered, 204},
        {"an answer and a close", {answer(200, "0123456789").bytes, Then::close}, Outcome::answered, 200},
    };
}

std::vector<Fault> endless_faults() {
    const std::string long_framed = "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n";
    return {
        {"stalls", {"", Then::stall}, Outcome::lost, 0},
        {"half a body and a stall", {framed + "12345", Then::stall}, Outcome::lost, 200},
        {"a body byte by byte", {long_framed, Then::drip}, Outcome::lost, 200},
        {"headers byte by byte", {"HTTP/1.1 200 OK\r\nX: ", Then::drip}, Outcome::lost, 200},
    };
}

FaultStage::FaultStage(const std::vector<Fault>& faults, const TlsIdentity* identity)
    : server{[faults](const ReceivedRequest& request) { return react(faults, request); }, identity} {
    if (identity != nullptr) std::ofstream{folder / "ca.pem"} << identity->certificate_pem();
    http = std::make_unique<Http>(
        loop, Http::Options{.ca_file = identity != nullptr ? (folder / "ca.pem").string() : std::string{}});
}

void FaultStage::warm_up() {
    for (int i = 0; i < 3; ++i) http->start({.url = server.url("/warm")}, [](HttpAnswer&&) {});
    finish_all();
}

void FaultStage::finish_all() {
    while (http->active() > 0) loop.turn(turn_wait_max);
}

HttpRequest FaultStage::create(std::size_t number, Duration total_timeout) const {
    return {.kind = HttpRequest::Kind::once,
            .method = "POST",
            .url = server.url("/" + std::to_string(number)),
            .headers = {"Content-Type: application/json"},
            .body = R"({"model":"m"})",
            .total_timeout = total_timeout};
}

void FaultStage::close() {
    http.reset();
    server.finish();
}

} // namespace reeld::test
