#include "daemon/reader/messages.h"
#include "daemon/reader/wire.h"

#include <doctest/doctest.h>
#include <functional>

namespace {

using namespace reeld;

const std::string kDigest(64, 'a');

ReadHeader good_header() {
    ReadHeader header;
    header.name = "harbor";
    header.sha256 = kDigest;
    header.shot_count = 2;
    header.models = {"m"};
    header.unknown_models = {"m"};
    header.faults = {{.severity = Severity::warning,
                      .place = {.line = 3, .column = 4},
                      .message = "odd",
                      .excerpt = "  - x",
                      .caret = 4}};
    return header;
}

StoryboardShot good_shot() {
    return {.id = "a.1",
            .model = "m",
            .priority = -3,
            .clip_seconds = 5,
            .input = R"({"prompt":"é"})",
            .note = "n",
            .tags = {"t", "u"}};
}

std::string_view content(const std::string& frame) {
    return std::string_view(frame).substr(kFrameHeadBytes);
}

bool header_passes(const std::function<void(ReadHeader&)>& change) {
    ReadHeader header = good_header();
    change(header);
    return decode_header(content(encode_header(header)), ReadLimits{}).has_value();
}

bool shot_passes(const std::function<void(StoryboardShot&)>& change) {
    StoryboardShot shot = good_shot();
    change(shot);
    return decode_shot(content(encode_shot(shot)), {"m"}).has_value();
}

} // namespace

TEST_CASE("a request comes out as it went in") {
    ChildRequest request{
        .parent = 42, .copies = true, .default_name = "x", .limits = {}, .learned_models = {{"m", "{}"}}};
    request.limits.bytes_max = 7;
    request.limits.cpu_max = Duration{9};
    const auto read = decode_request(encode_request(request));
    REQUIRE(read);
    CHECK(read->parent == 42);
    CHECK(read->copies);
    CHECK(read->default_name == "x");
    CHECK(read->limits.bytes_max == 7);
    CHECK(read->limits.cpu_max == Duration{9});
    CHECK(read->learned_models == request.learned_models);
}

TEST_CASE("a header and a shot come out as they went in") {
    const auto header = decode_header(content(encode_header(good_header())), ReadLimits{});
    REQUIRE(header);
    CHECK(header->name == "harbor");
    CHECK(header->sha256 == kDigest);
    CHECK(header->shot_count == 2);
    CHECK(header->models == good_header().models);
    CHECK(header->unknown_models == good_header().unknown_models);
    CHECK(header->faults == good_header().faults);
    CHECK_FALSE(header->is_trouble);
    CHECK(decode_shot(content(encode_shot(good_shot())), {"m"}) == good_shot());
}

TEST_CASE("a message cut off at any byte is refused") {
    const std::string header = encode_header(good_header());
    const std::string shot = encode_shot(good_shot());
    const std::string request = encode_request({});
    for (std::size_t size = 0; size + 1 < content(header).size(); ++size) {
        CHECK_FALSE(decode_header(content(header).substr(0, size), ReadLimits{}));
    }
    for (std::size_t size = 0; size < content(shot).size(); ++size) {
        CHECK_FALSE(decode_shot(content(shot).substr(0, size), {"m"}));
    }
    for (std::size_t size = 0; size < request.size(); ++size)
        CHECK_FALSE(decode_request(request.substr(0, size)));
    CHECK_FALSE(decode_shot(std::string(content(shot)) + "x", {"m"}));
}

TEST_CASE("a header that no good child would send is refused") {
    CHECK(header_passes([](ReadHeader&) {}));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.name = "../x"; }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.name.clear(); }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.sha256 = std::string(64, 'G'); }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.sha256.clear(); }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.shot_count = 0; }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.shot_count = 100'001; }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.models = {"a b"}; }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.models.clear(); }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.models.resize(300, "m"); }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.faults[0].message = "\xFF"; }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.faults[0].caret = 1'000'000; }));
    CHECK_FALSE(header_passes([](ReadHeader& header) { header.faults[0].severity = Severity::error; }));
}

TEST_CASE("a shot that no good child would send is refused") {
    CHECK(shot_passes([](StoryboardShot&) {}));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.id = "a/b"; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.model = "other"; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.priority = 101; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.input = "[]"; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.input = R"({"a":1}})"; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.input = "{\"a\":\"\xFF\"}"; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.input.clear(); }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.note = "\xFF"; }));
    CHECK_FALSE(shot_passes([](StoryboardShot& shot) { shot.tags = {"\xFF"}; }));
}

TEST_CASE("an input nested a million levels deep is refused or read without a stack for it") {
    StoryboardShot shot = good_shot();
    shot.input = "{\"a\":" + std::string(1'000'000, '[') + "}";
    CHECK_FALSE(decode_shot(content(encode_shot(shot)), {"m"}));
}

TEST_CASE("a frame is whole, not yet whole, or broken") {
    const std::string frame = encode_shot(good_shot());
    CHECK(next_frame(frame).bytes == frame.size());
    CHECK(next_frame(frame + "rest").bytes == frame.size());
    CHECK(next_frame(frame.substr(0, frame.size() - 1)).bytes == 0);
    CHECK(next_frame("").bytes == 0);
    CHECK_FALSE(next_frame(frame.substr(0, 4)).is_broken);

    WireWriter too_long;
    too_long.number(static_cast<std::uint32_t>(kFrameBytesMax + 1));
    too_long.number(static_cast<std::uint8_t>(FrameKind::shot));
    CHECK(next_frame(too_long.take()).is_broken);
    CHECK(next_frame(std::string(5, '\x07')).is_broken);
}

TEST_CASE("the length of a list cannot promise more elements than the message has bytes") {
    WireWriter out;
    out.length(4'000'000'000U);
    const std::string message = out.take();
    WireReader in(message);
    CHECK(in.length() == 0);
    CHECK_FALSE(in.ok());
}
