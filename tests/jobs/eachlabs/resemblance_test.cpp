#include "jobs/eachlabs/resemblance.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace reeld::eachlabs;

namespace {

bool resembles(std::string_view sent, std::string_view shown,
               Addresses addresses = Addresses::perhaps_copied) {
    return may_have_become(core_of(sent), core_of(shown), addresses);
}

} // namespace

TEST_CASE("only another text makes an input plainly somebody else's") {
    const char* sent = R"({"duration":"5","prompt":"A gull lands.","scale":0.3,"sound":false})";
    CHECK(contradicts(sent, R"({"prompt":"A dog barks."})"));
    CHECK_FALSE(contradicts(sent, "{}"));
    CHECK_FALSE(contradicts(sent, R"({"duration":"5","prompt":" A gull lands. "})"));
    CHECK_FALSE(contradicts(sent, R"({"duration":"10","prompt":"A gull lands."})"));
    CHECK_FALSE(contradicts(sent, R"({"duration":5,"scale":0.30000001192092896,"sound":"off"})"));
    CHECK_FALSE(contradicts(sent, R"({"prompt":["A dog barks."]})"));
    CHECK_FALSE(contradicts(sent, R"({"caption":"A dog barks."})"));
}

TEST_CASE("an input with defaults added, texts trimmed or numbers for texts may have been ours") {
    const char* sent = R"({"duration":"5","prompt":"A gull lands.\n"})";
    CHECK(resembles(sent, R"({"cfg_scale":0.5,"duration":"5","prompt":"A gull lands.\n"})"));
    CHECK(resembles(sent, R"({"duration":"5","prompt":"A gull lands."})"));
    CHECK(resembles(sent, R"({"duration":5,"prompt":" A gull lands."})"));
    CHECK_FALSE(resembles(sent, R"({"duration":"10","prompt":"A gull lands.\n"})"));
    CHECK_FALSE(resembles(sent, R"({"duration":"5","prompt":"A gull leaves."})"));
}

TEST_CASE("an input with members left out may have been ours, unless what is left is another's") {
    const char* sent = R"({"duration":"5","prompt":"A gull lands.","zoom":true})";
    CHECK(resembles(sent, R"({"duration":"5","prompt":"A gull lands."})"));
    CHECK(resembles(sent, "{}"));
    CHECK_FALSE(resembles(sent, R"({"prompt":"A gull leaves."})"));
}

TEST_CASE("an input that is about something, and about nothing that ours is about, is not ours") {
    const char* sent = R"({"duration":"5","mode":"std","prompt":"A gull lands."})";
    const char* in_shots = R"({"duration":"5","mode":"std","multi_prompt":[{"prompt":"A gull lands."}]})";
    CHECK_FALSE(resembles(sent, in_shots));
    CHECK_FALSE(resembles(in_shots, sent));
    CHECK_FALSE(resembles("{\"prompt\":\"\u6D77\u9E25\"}", in_shots)); // A gull, in a script without blanks.
    CHECK(resembles(sent, R"({"duration":"5","mode":"std","multi_prompt":[]})"));
    CHECK(resembles(R"({"elements":[1],"prompt":"A gull lands."})", R"({"prompt":"A gull lands."})"));
    CHECK_FALSE(resembles(R"({"image_url":"https://a.example/b"})", in_shots));
    CHECK(resembles(R"({"seed":1})", in_shots)); // Nothing of ours to miss.
}

TEST_CASE("an address may be that of the provider's own copy, and makes no input another's") {
    const char* sent = R"({"image_url":"https://studio.example/a.png","prompt":"A gull lands."})";
    const char* copied = R"({"image_url":"https://cdn.example/7f.png","prompt":"A gull lands."})";
    CHECK(resembles(sent, copied));
    CHECK_FALSE(contradicts(sent, copied));
    CHECK_FALSE(resembles(sent, copied, Addresses::kept));
    CHECK(has_address(sent));
    CHECK_FALSE(has_address(R"({"prompt":"https://studio.example is on a sign."})"));
    CHECK(contradicts(R"({"prompt":"https://a is on a sign."})", R"({"prompt":"https://b is on a sign."})"));
    CHECK_FALSE(resembles(sent, R"({"image_url":"a.png","prompt":"A gull lands."})"));
    CHECK(contradicts(sent, R"({"image_url":"https://cdn.example/7f.png","prompt":"A dog barks."})"));
}
