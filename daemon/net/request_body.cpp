#include "daemon/net/request_body.h"

namespace reeld {

void OneShotBody::attach(CurlEasy& easy) {
    easy.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(rest_.size()));
    easy.set(CURLOPT_READFUNCTION, &OneShotBody::on_read);
    easy.set(CURLOPT_READDATA, this);
    easy.set(CURLOPT_SEEKFUNCTION, &OneShotBody::on_seek);
    easy.set(CURLOPT_SEEKDATA, this);
}

std::size_t OneShotBody::on_read(char* to, std::size_t size, std::size_t count, void* self) noexcept {
    std::string_view& rest = static_cast<OneShotBody*>(self)->rest_;
    const std::size_t copied = rest.copy(to, size * count);
    rest.remove_prefix(copied);
    return copied;
}

int OneShotBody::on_seek(void*, curl_off_t, int) noexcept {
    return CURL_SEEKFUNC_FAIL;
}

} // namespace reeld
