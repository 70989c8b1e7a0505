#include "daemon/net/curl_multi.h"

#include <cassert>
#include <stdexcept>
#include <sys/epoll.h>

namespace reeld {

namespace {

/// How long a transfer can hang when libcurl forgets its timer. Short beside every timeout of the daemon,
/// rare enough to cost nothing.
constexpr Duration tick_interval = std::chrono::seconds{1};

std::uint32_t epoll_events(int what) {
    switch (what) {
    case CURL_POLL_IN: return EPOLLIN;
    case CURL_POLL_OUT: return EPOLLOUT;
    case CURL_POLL_INOUT: return EPOLLIN | EPOLLOUT;
    default: return 0;
    }
}

int curl_events(std::uint32_t revents) {
    int events = 0;
    if ((revents & EPOLLIN) != 0) events |= CURL_CSELECT_IN;
    if ((revents & EPOLLOUT) != 0) events |= CURL_CSELECT_OUT;
    if ((revents & (EPOLLERR | EPOLLHUP)) != 0) events |= CURL_CSELECT_ERR;
    return events;
}

} // namespace

CurlMulti::CurlMulti(Loop& loop, std::size_t pool_connections_max, Reports reports)
    : pool_connections_max_{pool_connections_max}, reports_{std::move(reports)},
      sockets_{loop,
               [this](int fd, std::uint32_t revents) {
                   act(fd, curl_events(revents));
               }},
      timer_{loop,
             [this] {
                 timer_due();
             }},
      at_once_{loop.at_turn_end([this] { timer_due(); })}, tick_{loop, [this] {
                                                                     tick();
                                                                 }} {
    open();
}

CurlMulti::~CurlMulti() {
    close();
}

void CurlMulti::open() {
    multi_ = curl_multi_init();
    if (multi_ == nullptr) throw std::runtime_error("libcurl has no memory for its transfers");
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(pool_connections_max_));
}

void CurlMulti::close() {
    assert(transfers_ == 0);
    curl_multi_cleanup(multi_); // Closes the pool, which may still report sockets.
    multi_ = nullptr;
    sockets_.clear();
    wait(-1);
    tick_.disarm();
}

void CurlMulti::restart() {
    close();
    open();
}

CURLMcode CurlMulti::add(const CurlEasy& easy) {
    const CURLMcode result = curl_multi_add_handle(multi_, easy.get());
    if (result == CURLM_OK && ++transfers_ == 1) tick_.arm_after(tick_interval);
    return result;
}

void CurlMulti::remove(const CurlEasy& easy) {
    curl_multi_remove_handle(multi_, easy.get());
    count_down();
}

void CurlMulti::count_down() {
    if (--transfers_ == 0) tick_.disarm(); // An idle daemon sleeps.
}

// The two functions that libcurl calls. They record what it waits for and never call back into it; -1 tells
// it that this failed, and it then fails every transfer.

int CurlMulti::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) noexcept {
    try {
        static_cast<CurlMulti*>(self)->watch(fd, what);
        return 0;
    } catch (const std::exception&) {
        return -1;
    }
}

int CurlMulti::on_timer(CURLM*, long wait_ms, void* self) noexcept {
    try {
        static_cast<CurlMulti*>(self)->wait(wait_ms);
        return 0;
    } catch (const std::exception&) {
        return -1;
    }
}

void CurlMulti::watch(curl_socket_t fd, int what) {
    what == CURL_POLL_REMOVE ? sockets_.forget(fd) : sockets_.watch(fd, epoll_events(what));
}

void CurlMulti::act(curl_socket_t fd, int events) {
    int running = 0;
    const CURLMcode result = curl_multi_socket_action(multi_, fd, events, &running);
    if (result != CURLM_OK) return reports_.broken(curl_multi_strerror(result));
    reap();
}

/// No wait at all is what every new transfer asks for: the end of a turn serves it without a timer of the
/// kernel's and without another sleep, and serves all that were added in the turn together.
void CurlMulti::wait(long wait_ms) {
    Loop::set_on(at_once_, wait_ms == 0);
    wait_ms > 0 ? timer_.arm_after(std::chrono::milliseconds{wait_ms}) : timer_.disarm();
}

void CurlMulti::timer_due() {
    Loop::set_on(at_once_, false);
    act(CURL_SOCKET_TIMEOUT, 0);
    // libcurl before 8.11.1 can find itself woken a little early, do nothing, and not ask again.
    rearm_timer();
}

void CurlMulti::rearm_timer() {
    long wait_ms = -1;
    curl_multi_timeout(multi_, &wait_ms);
    wait(wait_ms);
}

void CurlMulti::tick() {
    rearm_timer();
    tick_.arm_after(tick_interval);
}

void CurlMulti::reap() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        CURL* const easy = message->easy_handle;
        const CURLcode result = message->data.result; // The message is gone once its handle is removed.
        curl_multi_remove_handle(multi_, easy);
        count_down();
        reports_.ended(easy, result);
    }
}

} // namespace reeld
