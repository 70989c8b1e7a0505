#include "daemon/net/curl_easy.h"

#include <stdexcept>

namespace reeld {

CurlHeaders::~CurlHeaders() {
    curl_slist_free_all(list_);
}

bool CurlHeaders::add(const std::string& line) {
    curl_slist* const longer = curl_slist_append(list_, line.c_str());
    if (longer == nullptr) return false;
    list_ = longer;
    return true;
}

CurlEasy::CurlEasy() : handle_{curl_easy_init()} {
    if (handle_ == nullptr) throw std::runtime_error("libcurl has no memory for another transfer");
}

CurlEasy::~CurlEasy() {
    curl_easy_cleanup(handle_);
}

void CurlEasy::reset() {
    curl_easy_reset(handle_);
    setup_ = CURLE_OK;
}

void CurlEasy::fail_setup(CURLcode reason) {
    if (setup_ == CURLE_OK) setup_ = reason;
}

int CurlEasy::os_errno() const {
    long number = 0;
    curl_easy_getinfo(handle_, CURLINFO_OS_ERRNO, &number);
    return static_cast<int>(number);
}

} // namespace reeld
