/// A provider at socket level that misbehaves on request: it reads requests, counts those that came whole,
/// answers with the very bytes it was given, and then closes, resets, stalls, or goes on.
///
/// It listens on a loopback port of its own, in a thread, with one more thread per connection, so that it
/// works beside an event loop that the test turns. Everything ends with the destructor.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reeld::test {

class Channel;
class TlsIdentity;

/// What a server does about one request.
struct Reaction {
    enum class Then : std::uint8_t {
        keep,  ///< Wait for the next request on the connection.
        close, ///< Close in good order.
        reset, ///< Close with a RST.
        stall, ///< Send nothing more until the client goes away.
        drip,  ///< Send one byte every few milliseconds until the client goes away.
        flood, ///< Send as fast as it goes until the client goes away.
    };
    std::string bytes{}; ///< Sent first, as they are.
    Then then = Then::keep;
};

/// A complete answer with `Content-Length`.
[[nodiscard]] Reaction answer(int status, const std::string& body, const std::string& headers = {});

/// One request as it came.
struct ReceivedRequest {
    std::string head; ///< From the request line to the empty line.
    std::string body{};
    int number_on_connection = 1;

    /// "/path" of "POST /path HTTP/1.1".
    [[nodiscard]] std::string target() const;
};

class FaultServer {
public:
    using React = std::function<Reaction(const ReceivedRequest&)>;

    /// `react` runs in the connections' threads. `identity`: speak TLS.
    explicit FaultServer(React react, const TlsIdentity* identity = nullptr);
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    /// "http://127.0.0.1:PORT" + `target`; https with an identity.
    [[nodiscard]] std::string url(const std::string& target) const;
    [[nodiscard]] int port() const { return port_; }

    /// Takes all that clients have sent before they left, then stops; from here on the counts are final.
    /// Requires that every client has closed its connections, and waits for them if not.
    void finish();

    /// Complete requests for `target` so far.
    [[nodiscard]] int requests(const std::string& target) const;
    [[nodiscard]] std::vector<ReceivedRequest> received() const;
    [[nodiscard]] int connections() const { return connections_; }
    /// What clients offered by ALPN, one string per TLS handshake: "h2,http/1.1".
    [[nodiscard]] std::vector<std::string> offered_protocols() const;

private:
    void accept_until_woken();
    [[nodiscard]] bool accept_one();
    void serve(int fd);
    void serve_requests(Channel& channel);
    [[nodiscard]] Reaction note(ReceivedRequest request);

    React react_;
    const TlsIdentity* identity_;
    int listener_;
    int wake_; ///< An eventfd that tells the accepting thread to come to its end.
    int port_;
    std::atomic<int> connections_{0};

    mutable std::mutex mutex_; ///< Guards what follows.
    std::vector<ReceivedRequest> received_;
    std::vector<std::string> offered_;
    std::vector<int> open_fds_;

    std::list<std::thread> connection_threads_; ///< Only the accepting thread touches it until it has ended.
    std::thread accept_thread_;
};

} // namespace reeld::test
