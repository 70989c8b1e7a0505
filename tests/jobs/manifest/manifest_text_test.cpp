#include "jobs/manifest/manifest_text.h"

#include <doctest/doctest.h>
#include <limits>
#include <rapidjson/document.h>

using namespace reeld;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kWritten = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 1h + 2min + 3s + 4ms;

/// A shot of which next to nothing is known.
ManifestShot bare_shot(ShotState state) {
    ManifestShot shot;
    shot.batch = "b";
    shot.shot.id = "s";
    shot.shot.model = "m";
    shot.state = state;
    return shot;
}

ManifestShot succeeded_shot() {
    ManifestShot shot;
    shot.batch = "harbor.2";
    shot.index = 7;
    shot.shot.id = "sunrise";
    shot.shot.model = "kling-v3-pro";
    shot.shot.input = R"({"prompt":"A gull","duration":"5"})";
    shot.state = ShotState::succeeded;
    shot.attempts = 2;
    shot.prediction = "p-1";
    shot.rendered = {{"https://v/1.mp4", "https://v/2.mp4"}, 161.5, 0.98};
    shot.predict_time_s = 161.5;
    shot.cost_usd = 0.98;
    shot.created_at = kWritten;
    shot.finished_at = kWritten + 162s;
    return shot;
}

bool is_json(const std::string& text) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
    return !document.HasParseError();
}

} // namespace

TEST_CASE("a line shows every known fact in the documented order") {
    CHECK(manifest_line(succeeded_shot()) ==
          R"({"batch":"harbor.2","shot":"sunrise","index":7,"model":"kling-v3-pro","status":"succeeded",)"
          R"("url":"https://v/1.mp4","urls":["https://v/1.mp4","https://v/2.mp4"],"prediction_id":"p-1",)"
          R"("attempts":2,"predict_time":161.5,"cost":0.98,"created_at":"2026-11-23T01:02:03.004Z",)"
          R"("finished_at":"2026-11-23T01:04:45.004Z","input":{"prompt":"A gull","duration":"5"}})");
}

TEST_CASE("absent facts are left out of a line") {
    const ManifestShot shot = bare_shot(ShotState::cancelled);
    CHECK(manifest_line(shot) ==
          R"({"batch":"b","shot":"s","index":0,"model":"m","status":"cancelled","attempts":0})");
}

TEST_CASE("an error stands last, with what is known of it") {
    ManifestShot shot = bare_shot(ShotState::failed);
    shot.error = ProviderError{"http_400", "Bad.", ""};
    CHECK(manifest_line(shot) == R"({"batch":"b","shot":"s","index":0,"model":"m","status":"failed",)"
                                 R"("attempts":0,"error":{"code":"http_400","message":"Bad."}})");
    shot.error->details = "duration";
    CHECK(manifest_line(shot).ends_with(R"("message":"Bad.","details":"duration"}})"));
}

TEST_CASE("a line is one line of valid UTF-8 JSON, whatever the provider said") {
    ManifestShot shot = succeeded_shot();
    shot.state = ShotState::failed;
    shot.error = ProviderError{"c", "two\nlines \"quoted\" \x01 \xFF\xC0\xAF \xE2\x82", "caf\xC3\xA9"};
    shot.shot.input = "{\n  \"prompt\": \"x\xFF\"\r\n}";
    const std::string line = manifest_line(shot);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\r') == std::string::npos);
    CHECK(line.find("caf\xC3\xA9") != std::string::npos);
    CHECK(is_json(line));
}

TEST_CASE("a number that JSON cannot say is left out") {
    ManifestShot shot = succeeded_shot();
    shot.cost_usd = std::numeric_limits<double>::infinity();
    shot.predict_time_s = std::numeric_limits<double>::quiet_NaN();
    const std::string line = manifest_line(shot);
    CHECK(line.find("cost") == std::string::npos);
    CHECK(line.find("predict_time") == std::string::npos);
    CHECK(is_json(line));
}

TEST_CASE("a batch's status sums its shots up") {
    CHECK(batch_status({.total = 2, .succeeded = 2}) == "succeeded");
    CHECK(batch_status({.total = 3, .succeeded = 1, .failed = 1, .cancelled = 1}) == "partial");
    CHECK(batch_status({.total = 2, .cancelled = 2}) == "cancelled");
    CHECK(batch_status({.total = 2, .failed = 1, .cancelled = 1}) == "failed");
    CHECK(batch_status({.total = 1, .failed = 1}) == "failed");
}

TEST_CASE("head, lines and tail are one readable document with a shot on each line") {
    const ManifestHead head{.batch = "harbor.2",
                            .storyboard = "harbor",
                            .sha256 = "abc",
                            .counts = {.total = 2, .succeeded = 1, .failed = 1},
                            .accepted_at = kWritten,
                            .finished_at = kWritten + 1h};
    const std::string line = manifest_line(succeeded_shot());
    const std::string document =
        manifest_head(head) + line + std::string{kManifestSeparator} + line + manifest_tail();
    CHECK(document == "{\n"
                      "  \"manifest\": 1,\n"
                      "  \"batch\": \"harbor.2\",\n"
                      "  \"storyboard\": \"harbor\",\n"
                      "  \"sha256\": \"abc\",\n"
                      "  \"status\": \"partial\",\n"
                      "  \"counts\": {\n"
                      "    \"total\": 2,\n"
                      "    \"succeeded\": 1,\n"
                      "    \"failed\": 1,\n"
                      "    \"cancelled\": 0\n"
                      "  },\n"
                      "  \"accepted_at\": \"2026-11-23T01:02:03.004Z\",\n"
                      "  \"finished_at\": \"2026-11-23T02:02:03.004Z\",\n"
                      "  \"shots\": [\n" +
                          line + ",\n" + line +
                          "\n"
                          "  ]\n"
                          "}\n");
    CHECK(is_json(document));
}
