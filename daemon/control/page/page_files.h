/// The page that shows the night in a browser: its three files, built into the program.
///
/// They are one HTML, one CSS and one JavaScript file of ours, without a build step and without a request to
/// anybody else. The script speaks the control API under /v1, and GET /v1/session tells it whether this
/// browser may act. It puts what the API says into the document as text and attributes only, and works under
/// the policy kPagePolicy; to that a server adds the hosts of the clips.
#pragma once

#include <span>
#include <string_view>

namespace reeld {

struct PageFile {
    std::string_view path; ///< As a browser asks for it: "/", "/page.css", "/page.js".
    std::string_view content_type;
    std::string_view bytes; ///< UTF-8; static.
};

/// The Content-Security-Policy that the page is written for, but for `media-src 'self'` and the clips' hosts.
inline constexpr std::string_view kPagePolicy =
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

[[nodiscard]] std::span<const PageFile> page_files();

} // namespace reeld
