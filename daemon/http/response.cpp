#include "daemon/http/response.h"

#include "daemon/http/server_impl.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <sys/epoll.h>

namespace reeld::http {

namespace {

/// How much libmicrohttpd asks for at a time, of what comes piece by piece.
constexpr std::size_t kBlockBytes = std::size_t{16} << 10;

/// A reply that is cut short: its length is promised, half of it is sent.
ssize_t read_half(void* cls, std::uint64_t position, char* buffer, std::size_t room) {
    const auto& body = *static_cast<const std::string*>(cls);
    const std::size_t half = body.size() / 2;
    if (position >= half) return MHD_CONTENT_READER_END_WITH_ERROR;
    const std::size_t count = std::min(room, half - static_cast<std::size_t>(position));
    std::memcpy(buffer, body.data() + position, count);
    return static_cast<ssize_t>(count);
}

void free_body(void* cls) {
    delete static_cast<std::string*>(cls);
}

} // namespace

/// The connection's end of a stream; it lives as long as the response.
class StreamReader {
public:
    StreamReader(std::shared_ptr<Stream> stream, Server::Impl& server, MHD_Connection* handle)
        : stream_(std::move(stream)), server_(server), handle_(handle) {
        stream_->wake_ = [this] {
            wake();
        };
    }
    ~StreamReader() {
        stream_->wake_ = nullptr;
        stream_->closed_ = true;
    }
    StreamReader(const StreamReader&) = delete;
    StreamReader& operator=(const StreamReader&) = delete;

    static ssize_t on_read(void* cls, std::uint64_t, char* buffer, std::size_t room) {
        return static_cast<StreamReader*>(cls)->read(buffer, room);
    }
    static void on_free(void* cls) { delete static_cast<StreamReader*>(cls); }

private:
    /// libmicrohttpd has sent everything it had, and has room.
    ssize_t read(char* buffer, std::size_t room) {
        const auto found = server_.connections.find(handle_);
        if (stream_->closed_ || found == server_.connections.end() || found->second.cut) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        const std::size_t count = std::min(room, stream_->buffered());
        if (count == 0) {
            if (stream_->finished_) return MHD_CONTENT_READER_END_OF_STREAM;
            server_.enter(found->second, Phase::listening);
            server_.suspend(handle_, found->second, EPOLLRDHUP);
            return 0;
        }
        std::memcpy(buffer, stream_->pending_.data() + stream_->taken_, count);
        stream_->taken_ += count;
        if (stream_->buffered() == 0) {
            stream_->pending_.clear();
            stream_->taken_ = 0;
        }
        server_.enter(found->second, Phase::replying);
        return static_cast<ssize_t>(count);
    }

    /// Something was pushed, or the stream has come to its end.
    void wake() {
        const auto found = server_.connections.find(handle_);
        if (found == server_.connections.end() || found->second.cut) return;
        if (stream_->closed_) {
            server_.cut(handle_, found->second);
        } else if (found->second.suspended) {
            server_.enter(found->second, Phase::replying);
            server_.resume(handle_, found->second);
        }
    }

    std::shared_ptr<Stream> stream_;
    Server::Impl& server_;
    MHD_Connection* handle_;
};

MHD_Response* make_response(Reply reply, Server::Impl& server, MHD_Connection* handle) {
    MHD_Response* response = nullptr;
    if (reply.stream) {
        auto reader = std::make_unique<StreamReader>(reply.stream, server, handle);
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kBlockBytes, StreamReader::on_read,
                                                     reader.get(), StreamReader::on_free);
        if (response != nullptr) static_cast<void>(reader.release());
    } else {
        auto body = std::make_unique<std::string>(std::move(reply.body));
        response = reply.delivery == Delivery::half
                       ? MHD_create_response_from_callback(body->size(), kBlockBytes, read_half, body.get(),
                                                           free_body)
                       : MHD_create_response_from_buffer_with_free_callback_cls(body->size(), body->data(),
                                                                                free_body, body.get());
        if (response != nullptr) static_cast<void>(body.release());
    }
    if (response == nullptr) return nullptr;
    if (!reply.content_type.empty()) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.content_type.c_str());
    }
    for (const auto& [name, value] : reply.headers) {
        MHD_add_response_header(response, name.c_str(), value.c_str());
    }
    return response;
}

} // namespace reeld::http
