#include "daemon/sandbox/byte_range.h"

#include "daemon/sandbox/clip.h"

#include <algorithm>
#include <doctest/doctest.h>

namespace reeld::sandbox {

namespace {

Reply ask(std::string_view range, std::string_view if_range = "") {
    return serve_bytes("0123456789", "video/mp4", range, if_range);
}

std::string content_range(const Reply& reply) {
    const auto found =
        std::ranges::find(reply.headers, "Content-Range", &std::pair<std::string, std::string>::first);
    return found == reply.headers.end() ? "" : found->second;
}

} // namespace

TEST_CASE("without a range all bytes are served, and ranges are offered") {
    const Reply reply = ask("");
    CHECK(reply.status == 200);
    CHECK(reply.body == "0123456789");
    CHECK(reply.content_type == "video/mp4");
    CHECK(reply.headers.front() == std::pair<std::string, std::string>("Accept-Ranges", "bytes"));
}

TEST_CASE("a range is served with its place in the whole") {
    CHECK(ask("bytes=2-4").status == 206);
    CHECK(ask("bytes=2-4").body == "234");
    CHECK(content_range(ask("bytes=2-4")) == "bytes 2-4/10");
    CHECK(ask("bytes=0-0").body == "0");
    CHECK(ask("bytes=7-").body == "789");
    CHECK(ask("bytes=7-99").body == "789");
    CHECK(content_range(ask("bytes=7-99")) == "bytes 7-9/10");
    CHECK(ask("bytes=-3").body == "789");
    CHECK(ask("bytes=-99").body == "0123456789");
}

TEST_CASE("a range outside of the video is refused with its length") {
    for (const char* range : {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
        CAPTURE(range);
        CHECK(ask(range).status == 416);
        CHECK(ask(range).body.empty());
        CHECK(content_range(ask(range)) == "bytes */10");
    }
}

TEST_CASE("a range that cannot be followed is ignored") {
    for (const char* range : {"bytes=4-2", "bytes=-", "bytes=", "bytes=a-b", "bytes=1-2,4-5", "lines=1-2",
                              "bytes=99999999999999999999-"}) {
        CAPTURE(range);
        CHECK(ask(range).status == 200);
    }
    CHECK(ask("bytes=2-4", "\"tag\"").status == 200);
}

TEST_CASE("the video is an MP4 file that can be played while it loads") {
    CHECK(clip().substr(4, 4) == "ftyp");
    const std::size_t index = clip().find("moov");
    const std::size_t frames = clip().find("mdat");
    REQUIRE(index != std::string_view::npos);
    REQUIRE(frames != std::string_view::npos);
    CHECK(index < frames);
    CHECK(clip().find("avc1") != std::string_view::npos);
}

} // namespace reeld::sandbox
