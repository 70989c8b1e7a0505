#include "daemon/journal/codec.h"
#include "tests/support/places.h"

#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

using namespace reeld;
using namespace std::chrono_literals;

namespace {

constexpr ShotRef kWrittenShot{.batch = 7, .index = 3};

/// A line of tests/data/journal: what a journal of that version has in its columns kind and body.
struct StoredBody {
    std::string kind;
    std::string body;
};

std::vector<StoredBody> read_bodies(const std::string& file) {
    std::ifstream in(test::source_folder() + "/tests/data/journal/" + file);
    std::vector<StoredBody> bodies;
    for (std::string line; std::getline(in, line);) {
        rapidjson::Document document;
        document.Parse<rapidjson::kParseFullPrecisionFlag>(line.c_str());
        REQUIRE(document.IsObject());
        rapidjson::StringBuffer body;
        rapidjson::Writer<rapidjson::StringBuffer> writer(body);
        document["body"].Accept(writer);
        bodies.push_back({document["kind"].GetString(), body.GetString()});
    }
    return bodies;
}

/// What the bodies of version 1 have always meant.
std::map<std::string, Fact> meanings_of_version_1() {
    event::BatchAccepted accepted;
    accepted.batch.key = kWrittenShot.batch;
    const ProviderError too_fast{"http_429", "Slow down", "100 per minute"};
    const ProviderError moderated{"content_moderation", "Not allowed", ""};
    return {
        {"started", event::Started{.same_boot = true}},
        {"batch_accepted", accepted},
        {"create_intended", event::CreateIntended{kWrittenShot, 2, "reeld-7f3a", {}}},
        {"create_not_sent", event::CreateNotSent{kWrittenShot, "cannot resolve api.eachlabs.ai"}},
        {"create_accepted", event::CreateAccepted{kWrittenShot, "pred-42"}},
        {"create_refused",
         event::CreateRefused{kWrittenShot, {RefusalKind::too_fast, 429, too_fast, Duration{17s}}}},
        {"create_lost", event::CreateLost{kWrittenShot, {502, "HTTP 502: bad gateway"}}},
        {"prediction_succeeded",
         event::PredictionSucceeded{
             kWrittenShot, {{"https://cdn.example/a.mp4", "https://cdn.example/b.mp4"}, 81.25, 1.12}}},
        {"prediction_failed", event::PredictionFailed{kWrittenShot, {moderated, true, 3.5, 0.0}}},
        {"prediction_cancelled", event::PredictionCancelled{kWrittenShot}},
        {"prediction_overdue", event::PredictionOverdue{kWrittenShot}},
        {"manifest_written", event::ManifestWritten{kWrittenShot.batch}},
    };
}

/// What version 2 added.
std::map<std::string, Fact> meanings_of_version_2() {
    event::CreateIntended intended{kWrittenShot, 2, "reeld-7f3a", WallTime{1'790'000'000'123'456us}};
    return {
        {"create_intended", intended},
        {"create_accepted", event::CreateAccepted{kWrittenShot, "pred-42", 200}},
        {"create_adopted", event::CreateAdopted{kWrittenShot, "pred-43", SettledBy::list}},
        {"create_dismissed", event::CreateDismissed{kWrittenShot, SettledBy::rule, true, Duration{17s}}},
        {"create_held", event::CreateHeld{kWrittenShot, "there is no list"}},
    };
}

/// What version 3 added.
std::map<std::string, Fact> meanings_of_version_3() {
    return {
        {"cancel_asked", event::CancelAsked{kWrittenShot}},
        {"paused", event::Paused{kWrittenShot.batch}},
        {"resumed", event::Resumed{kWrittenShot.batch}},
    };
}

/// What version 4 added.
std::map<std::string, Fact> meanings_of_version_4() {
    event::CreateIntended intended{kWrittenShot,      2, "reeld-7f3a", std::nullopt, "9f86d081884c7d65",
                                   "2c26b46b68ffc68f"};
    return {
        {"create_intended", intended},
        {"create_adopted", event::CreateAdopted{kWrittenShot, "pred-44", SettledBy::webhook}},
        {"reprioritised", event::Reprioritised{kWrittenShot.batch, -7}},
        {"retry_asked", event::RetryAsked{kWrittenShot}},
    };
}

/// What version 5 added.
std::map<std::string, Fact> meanings_of_version_5() {
    return {{"hours_set", event::HoursSet{kWrittenShot.batch, "mon-fri 22:00-06:00 Europe/Istanbul"}}};
}

/// What version 6 added.
std::map<std::string, Fact> meanings_of_version_6() {
    return {{"create_sought",
             event::CreateSought{kWrittenShot, {{"pred-45", WallTime{1'790'000'000'123'456us}}}}},
            {"create_called", event::CreateCalled{kWrittenShot, "pred-46"}}};
}

void check_meanings(const std::string& file, const std::map<std::string, Fact>& meanings) {
    const std::vector<StoredBody> bodies = read_bodies(file);
    CHECK(bodies.size() == meanings.size());
    for (const StoredBody& stored : bodies) {
        CAPTURE(stored.kind);
        const DecodedFact decoded = decode_fact(stored.kind, kWrittenShot, stored.body);
        CHECK(decoded.error == "");
        CHECK(decoded.fact == meanings.at(stored.kind));
    }
}

} // namespace

TEST_CASE("bodies of version 1 mean what they have always meant") {
    check_meanings("v1.jsonl", meanings_of_version_1());
}

TEST_CASE("bodies of version 2 mean what they have always meant") {
    check_meanings("v2.jsonl", meanings_of_version_2());
}

TEST_CASE("bodies of version 3 mean what they have always meant") {
    check_meanings("v3.jsonl", meanings_of_version_3());
}

TEST_CASE("bodies of version 4 mean what they have always meant") {
    check_meanings("v4.jsonl", meanings_of_version_4());
}

TEST_CASE("bodies of version 5 mean what they have always meant") {
    check_meanings("v5.jsonl", meanings_of_version_5());
}

TEST_CASE("bodies of version 6 mean what they have always meant") {
    check_meanings("v6.jsonl", meanings_of_version_6());
}

TEST_CASE("bodies of the current version are written as they stand in its files") {
    REQUIRE(kEventFormat == 6); // Each version only added to the one before.
    for (const char* file : {"v1.jsonl", "v2.jsonl", "v3.jsonl", "v4.jsonl", "v5.jsonl", "v6.jsonl"}) {
        for (const StoredBody& stored : read_bodies(file)) {
            const DecodedFact decoded = decode_fact(stored.kind, kWrittenShot, stored.body);
            REQUIRE(decoded.fact.has_value());
            CHECK(encode_body(*decoded.fact) == stored.body);
            CHECK(kind_name(*decoded.fact) == stored.kind);
        }
    }
}

TEST_CASE("fields that this version does not know are ignored") {
    for (const StoredBody& stored : read_bodies("v1.jsonl")) {
        std::string body = R"({"of_tomorrow":{"deep":[1,2,null]},)" + stored.body.substr(1);
        if (stored.body == "{}") body = R"({"of_tomorrow":1})";
        CHECK(decode_fact(stored.kind, kWrittenShot, body).fact ==
              decode_fact(stored.kind, kWrittenShot, stored.body).fact);
    }
}

TEST_CASE("fields that are absent have their defaults") {
    CHECK(decode_fact("started", kWrittenShot, "{}").fact == Fact{event::Started{}});
    CHECK(decode_fact("create_intended", kWrittenShot, R"({"attempt":1})").fact ==
          Fact{event::CreateIntended{kWrittenShot, 1, "", {}}});
    CHECK(decode_fact("create_not_sent", kWrittenShot, "{}").fact ==
          Fact{event::CreateNotSent{kWrittenShot, ""}});
    CHECK(decode_fact("create_lost", kWrittenShot, "{}").fact == Fact{event::CreateLost{kWrittenShot, {}}});
    CHECK(decode_fact("create_refused", kWrittenShot, R"({"kind":"no_balance"})").fact ==
          Fact{event::CreateRefused{kWrittenShot, {RefusalKind::no_balance, 0, {}, {}}}});
    CHECK(decode_fact("prediction_succeeded", kWrittenShot, R"({"urls":["u"]})").fact ==
          Fact{event::PredictionSucceeded{kWrittenShot, {{"u"}, {}, {}}}});
    CHECK(decode_fact("prediction_failed", kWrittenShot, "{}").fact ==
          Fact{event::PredictionFailed{kWrittenShot, {}}});
}
