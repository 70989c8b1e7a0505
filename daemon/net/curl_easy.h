/// libcurl's transfer handle and its list of headers, each wrapped once.
///
/// Threading: the loop's thread. Errors: setting an option can fail (memory, a URL of megabytes); the handle
/// remembers the first failure, so that a caller sets all it wants and asks once. A transfer of a handle
/// that is not good() must not be started: the option that failed may be one that keeps money safe.
#pragma once

#include <curl/curl.h>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace reeld {

/// A list of header lines as libcurl wants it. It must outlive the transfer that uses it.
class CurlHeaders {
public:
    CurlHeaders() = default;
    ~CurlHeaders();
    CurlHeaders(const CurlHeaders&) = delete;
    CurlHeaders& operator=(const CurlHeaders&) = delete;

    /// False when memory ran out; the list is then what it was before.
    [[nodiscard]] bool add(const std::string& line);
    [[nodiscard]] curl_slist* list() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

class CurlEasy {
public:
    /// Throws std::runtime_error when there is no memory for a handle.
    CurlEasy();
    ~CurlEasy();
    CurlEasy(CurlEasy&& other) noexcept
        : handle_{std::exchange(other.handle_, nullptr)}, setup_{other.setup_} {}
    CurlEasy& operator=(CurlEasy&&) = delete;

    /// Forgets every option, for another request with the same memory.
    void reset();

    /// `value` has the type that the option's documentation names: long, curl_off_t, or a pointer. Strings
    /// are copied by libcurl; other pointers are borrowed until the transfer has ended.
    template <typename Value>
    void set(CURLoption option, Value value) {
        static_assert(std::is_same_v<Value, long> || std::is_same_v<Value, curl_off_t> ||
                          std::is_pointer_v<Value>,
                      "libcurl reads options by their exact type");
        // The parentheses keep the C macro of the same name out.
        const CURLcode result = (curl_easy_setopt)(handle_, option, value);
        if (setup_ == CURLE_OK) setup_ = result;
    }

    /// Remembers a failure that happened while preparing an option's value.
    void fail_setup(CURLcode reason);

    /// CURLE_OK, or the first failure since the handle was made or reset.
    [[nodiscard]] CURLcode setup() const { return setup_; }

    /// The errno of the last failed connect, read or write; 0 when there was none.
    [[nodiscard]] int os_errno() const;

    [[nodiscard]] CURL* get() const { return handle_; }

private:
    CURL* handle_;
    CURLcode setup_ = CURLE_OK;
};

} // namespace reeld
