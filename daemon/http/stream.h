/// A reply without end, such as server-sent events: bytes are pushed into it as they come about.
///
/// It is made by whoever answers, given away in Reply::stream, and kept for pushing. What is pushed before
/// the reply has begun is sent with it. A reader that falls more than `buffer_bytes_max` behind is closed:
/// nothing is dropped from the middle, so that a client which is still there has seen everything.
///
/// Threading: the loop's. Lifetime: it may outlive its connection and the server; pushing is then without
/// effect. It knows nothing of events: a keep-alive comment now and then is the pusher's business.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace reeld::http {

class Stream {
public:
    static constexpr std::size_t kBufferBytesMax = std::size_t{1} << 20;

    explicit Stream(std::size_t buffer_bytes_max = kBufferBytesMax) : buffer_bytes_max_(buffer_bytes_max) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Appends. Never sends by itself: the bytes leave in a later turn of the loop.
    void push(std::string_view bytes);

    /// Ends the reply in an orderly way, once what was pushed has been sent.
    void finish();

    /// Whether nobody reads any more: the client left, fell too far behind, or the server went away; or the
    /// stream was finished. It stays so, and push() does nothing from then on.
    [[nodiscard]] bool closed() const { return closed_ || finished_; }

    /// Bytes that were pushed and have not been handed to the connection.
    [[nodiscard]] std::size_t buffered() const { return pending_.size() - taken_; }

private:
    friend class StreamReader;

    const std::size_t buffer_bytes_max_;
    std::string pending_;
    std::size_t taken_ = 0; ///< How much of `pending_` the connection has.
    bool closed_ = false;   ///< Nobody reads.
    bool finished_ = false; ///< Nobody writes.
    /// Set by the connection while it waits for bytes, or for the end.
    std::function<void()> wake_;
};

} // namespace reeld::http
