#include "daemon/control/change_feed.h"

#include <fmt/format.h>

#include <algorithm>

namespace reeld {

namespace {

std::string sse(std::string_view event, std::string_view one_line) {
    return fmt::format("event: {}\ndata: {}\n\n", event, one_line);
}

} // namespace

ChangeFeed::ChangeFeed(App& app, Documents documents)
    : app_(app), documents_(std::move(documents)), timer_(app.loop(), [this] { due(); }) {}

void ChangeFeed::note(const Event& event) {
    if (listeners_.empty() || !is_durable(event.fact)) return;
    if (const ShotRef* shot = shot_of(event.fact)) {
        auto& shots = changed_[shot->batch];
        if (shots.size() <= shots_max) shots.insert(shot->index);
    }
    if (waiting_) return;
    waiting_ = true;
    timer_.arm_at(std::max(app_.loop().now().at, told_at_ + interval));
}

std::shared_ptr<http::Stream> ChangeFeed::listen() {
    forget_closed();
    if (listeners_.size() >= listeners_max) return nullptr;
    auto stream = std::make_shared<http::Stream>();
    stream->push("retry: 1000\n\n" + sse("status", documents_.status()));
    if (listeners_.empty()) timer_.arm_after(quiet_interval);
    listeners_.push_back(stream);
    return stream;
}

void ChangeFeed::forget_closed() {
    std::erase_if(listeners_, [](const auto& stream) { return stream->closed(); });
}

void ChangeFeed::due() {
    // What a crash could take back is not told.
    app_.after_commit([this] { tell(); });
}

std::string ChangeFeed::tell_shots() const {
    std::string text;
    for (const auto& [batch, shots] : changed_) {
        std::string document;
        if (shots.size() <= shots_max && text.size() < shots_bytes_max)
            document = documents_.shots(batch, shots);
        if (document.empty() || text.size() + document.size() > shots_bytes_max)
            document = documents_.reload(batch);
        text += sse("shots", document);
    }
    return text;
}

void ChangeFeed::tell() {
    forget_closed();
    waiting_ = false;
    if (listeners_.empty()) {
        changed_.clear();
        return timer_.disarm();
    }
    const std::string text = sse("status", documents_.status()) + tell_shots();
    changed_.clear();
    for (const auto& stream : listeners_) stream->push(text);
    told_at_ = app_.loop().now().at;
    timer_.arm_after(quiet_interval);
}

} // namespace reeld
