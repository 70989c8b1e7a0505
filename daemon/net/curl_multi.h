/// libcurl's multi handle, wrapped once and driven by the event loop: libcurl says which sockets and which
/// instant it waits for, the loop says when they have come.
///
/// Threading: the loop's thread. libcurl looks up host names in threads of its own, one per lookup; numeric
/// addresses need none. Reports come from callbacks of the loop, never on libcurl's stack, so they may add
/// and remove transfers; they must not destroy the CurlMulti. Without transfers it never wakes the loop.
#pragma once

#include "daemon/loop/loop.h"
#include "daemon/net/curl_easy.h"
#include "daemon/net/socket_set.h"

#include <cstddef>
#include <functional>
#include <string>

namespace reeld {

class CurlMulti {
public:
    struct Reports {
        /// A transfer has ended and is removed.
        std::function<void(CURL* easy, CURLcode result)> ended;
        /// The handle can no longer be used: every transfer in it is lost. The receiver removes them all and
        /// calls restart().
        std::function<void(const std::string& cause)> broken;
    };

    /// `pool_connections_max`: connections, idle or in use, beyond which idle ones are dropped. Throws
    /// std::runtime_error.
    CurlMulti(Loop& loop, std::size_t pool_connections_max, Reports reports);
    /// Every transfer must have been removed.
    ~CurlMulti();
    CurlMulti(const CurlMulti&) = delete;
    CurlMulti& operator=(const CurlMulti&) = delete;

    /// Starts a transfer in a later turn. CURLM_OK, or why it cannot be.
    [[nodiscard]] CURLMcode add(const CurlEasy& easy);

    /// Ends a transfer without a report: a transfer that is under way loses its connection.
    void remove(const CurlEasy& easy);

    /// Replaces a broken handle by a new one with an empty pool. Requires that no transfer is left.
    void restart();

private:
    static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) noexcept;
    static int on_timer(CURLM*, long wait_ms, void* self) noexcept;

    void open();
    void close();
    void watch(curl_socket_t fd, int what);
    void act(curl_socket_t fd, int events);
    void timer_due();
    void wait(long wait_ms);
    void rearm_timer();
    void tick();
    void reap();
    void count_down();

    std::size_t pool_connections_max_;
    Reports reports_;
    CURLM* multi_ = nullptr;
    std::size_t transfers_ = 0;
    SocketSet sockets_;
    LoopTimer timer_;     ///< The instant libcurl waits for.
    Loop::Watch at_once_; ///< On while that instant is now: what add() brought leaves at the turn's end.
    LoopTimer tick_; ///< Asks for that instant again, while transfers are under way, lest it was forgotten.
};

} // namespace reeld
