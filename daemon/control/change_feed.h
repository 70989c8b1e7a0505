/// Server-sent events: what has changed, told to whoever listens, at most twice a second.
///
/// `event: status` carries STATUS; `event: shots` carries {"batch", "shots": [SHOT]} of the shots that
/// changed, or {"batch", "reload": true} when they are more than shots_max, or longer than a message may be:
/// the longest that a provider can have written must not cut off who listens. While nothing changes, a status
/// comes now and then all the same, since tokens come back and estimates move. Nobody listening costs nothing
/// but the note of an event.
///
/// Threading: the loop's. Ownership: borrows the App; the streams are shared with their connections.
#pragma once

#include "daemon/app/app.h"
#include "daemon/http/stream.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace reeld {

class ChangeFeed {
public:
    static constexpr std::size_t shots_max = 200;
    /// Of all shots that are told at once: a quarter of what a listener may be behind.
    static constexpr std::size_t shots_bytes_max = http::Stream::kBufferBytesMax / 4;
    /// Half of the second that a page may be behind: the rest is for the way and for drawing.
    static constexpr Duration interval = std::chrono::milliseconds{500};
    static constexpr Duration quiet_interval = std::chrono::seconds{5};
    /// Open pages, and programs that listen: a quarter of the page's connections, which they hold for long.
    static constexpr std::size_t listeners_max = 32;

    /// `status` makes STATUS; `shots` the document of some shots of a batch; `reload` the one that names
    /// none.
    struct Documents {
        std::function<std::string()> status;
        std::function<std::string(BatchKey, const std::set<std::uint32_t>&)> shots;
        std::function<std::string(BatchKey)> reload;
    };

    ChangeFeed(App& app, Documents documents);
    ChangeFeed(const ChangeFeed&) = delete;
    ChangeFeed& operator=(const ChangeFeed&) = delete;

    /// An event was applied.
    void note(const Event& event);

    /// Another listener, who is told the status at once; null when there are too many.
    [[nodiscard]] std::shared_ptr<http::Stream> listen();

private:
    void forget_closed();
    void due();
    void tell();
    [[nodiscard]] std::string tell_shots() const;

    App& app_;
    Documents documents_;
    LoopTimer timer_;
    std::vector<std::shared_ptr<http::Stream>> listeners_;
    std::map<BatchKey, std::set<std::uint32_t>> changed_; ///< Shots, at most shots_max + 1 of a batch.
    Instant told_at_ = Instant::min();
    bool waiting_ = false; ///< A change is told when the timer is due, not later.
};

} // namespace reeld
