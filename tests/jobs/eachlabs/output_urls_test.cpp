#include "jobs/eachlabs/output_urls.h"

#include "jobs/eachlabs/json_body.h"

#include <doctest/doctest.h>

using namespace reeld::eachlabs;

namespace {

std::vector<std::string> urls_of(std::string_view json) {
    const auto body = parse_body(json);
    REQUIRE(body);
    return output_urls(*body);
}

using Urls = std::vector<std::string>;

} // namespace

TEST_CASE("the video is found in every shape of output") {
    struct Row {
        std::string_view output;
        Urls urls;
    };
    const std::vector<Row> rows = {
        {R"("https://x.test/v.mp4")", {"https://x.test/v.mp4"}},
        {R"(" HTTPS://x.test/v.mp4\n")", {"HTTPS://x.test/v.mp4"}},
        {R"("http://x.test/v.mp4")", {"http://x.test/v.mp4"}},
        {R"({"url":"https://x.test/1"})", {"https://x.test/1"}},
        {R"(["https://x.test/1","https://x.test/2"])", {"https://x.test/1", "https://x.test/2"}},
        {R"([{"url":"https://x.test/1"},{"url":"https://x.test/2"}])",
         {"https://x.test/1", "https://x.test/2"}},
        {R"([["https://x.test/1"],[{"url":"https://x.test/2"}]])", {"https://x.test/1", "https://x.test/2"}},
        {R"({"video":{"url":"https://x.test/1"}})", {"https://x.test/1"}},
        {R"({"videos":[{"url":"https://x.test/1"}]})", {"https://x.test/1"}},
        {R"({"data":{"videos":[{"url":"https://x.test/1"}]}})", {"https://x.test/1"}},
        {R"({"clip":"https://x.test/1"})", {"https://x.test/1"}},
        {R"(["https://x.test/1","https://x.test/1"])", {"https://x.test/1"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.output);
        CHECK(urls_of(row.output) == row.urls);
    }
}

TEST_CASE("a thumbnail beside the video is not taken for it") {
    CHECK(urls_of(R"({"thumbnail":"https://x.test/t.jpg","video":{"url":"https://x.test/v.mp4"}})") ==
          Urls{"https://x.test/v.mp4"});
}

TEST_CASE("what is no web address is no URL") {
    for (const std::string_view text :
         {"", "done", "ftp://x.test/v", "https://", "http:///v.mp4", "https:/x", "//x.test/v",
          "javascript:alert(1)", "data:video/mp4;base64,AAAA", "https://x.test/a b", "https://x.test/\n",
          "https://x.test/<b>", "https://?q", "https://@x", "file:///etc/passwd"}) {
        CAPTURE(text);
        CHECK_FALSE(is_web_url(text));
    }
    CHECK_FALSE(is_web_url("https://x.test/" + std::string(kUrlBytesMax, 'a')));
    for (const std::string_view json : {"null", "7", "true", "[]", "{}", "[null,{}]", R"({"url":7})"}) {
        CAPTURE(json);
        CHECK(urls_of(json).empty());
    }
}

TEST_CASE("a character that hides or reorders text leaves a URL percent-encoded, and others as they are") {
    CHECK(urls_of("\"https://x.test/\u202E4pm.v?\u0085\"") == Urls{"https://x.test/%E2%80%AE4pm.v?%C2%85"});
    CHECK(urls_of("\"https://x.test/caf\u00E9%20\"") == Urls{"https://x.test/caf\u00E9%20"});
}

TEST_CASE("an output of countless URLs or levels is read up to a limit") {
    std::string many = "[";
    for (int i = 0; i < 1000; ++i) many += "\"https://x.test/" + std::to_string(i) + "\",";
    CHECK(urls_of(many + "0]").size() == kUrlsMax);
    CHECK(urls_of(std::string(20, '[') + R"("https://x.test/v")" + std::string(20, ']')).empty());
}
