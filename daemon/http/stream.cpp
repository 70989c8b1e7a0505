#include "daemon/http/stream.h"

namespace reeld::http {

void Stream::push(std::string_view bytes) {
    if (closed()) return;
    if (bytes.size() > buffer_bytes_max_ - buffered()) {
        closed_ = true;
        pending_.clear();
        taken_ = 0;
    } else {
        // Moving the rest to the front now and then keeps the string within twice its limit.
        if (taken_ > pending_.size() / 2) {
            pending_.erase(0, taken_);
            taken_ = 0;
        }
        pending_.append(bytes);
    }
    if (wake_) wake_();
}

void Stream::finish() {
    if (closed()) return;
    finished_ = true;
    if (wake_) wake_();
}

} // namespace reeld::http
