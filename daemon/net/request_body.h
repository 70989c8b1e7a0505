/// A request body that libcurl can read one time only: asked to go back and read again, it refuses, and so a
/// second sending is impossible whatever libcurl believes about the first.
///
/// Ownership: borrows the text, and is borrowed by the transfer, so it must stay where it is until that ends.
#pragma once

#include "daemon/net/curl_easy.h"

#include <string_view>

namespace reeld {

class OneShotBody {
public:
    explicit OneShotBody(std::string_view text) : rest_{text} {}
    OneShotBody(const OneShotBody&) = delete;
    OneShotBody& operator=(const OneShotBody&) = delete;

    /// Makes this the body of a POST.
    void attach(CurlEasy& easy);

private:
    static std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self) noexcept;
    static int on_seek(void* self, curl_off_t offset, int origin) noexcept;

    std::string_view rest_;
};

} // namespace reeld
