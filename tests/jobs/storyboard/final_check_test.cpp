#include "jobs/models/known_models.h"
#include "jobs/storyboard/final_check.h"

#include <doctest/doctest.h>

namespace reeld {

namespace {

FinalCheck check_of(std::string_view slug) {
    for (const KnownModel& known : known_models()) {
        if (known.slug == slug) return FinalCheck(known.schema);
    }
    throw std::runtime_error("no such model");
}

} // namespace

TEST_CASE("an input that fits its schema passes the last look") {
    const auto check = check_of("kling-v3-pro-text-to-video");
    CHECK_FALSE(check.complaint(R"({"prompt":"A gull","duration":"5","cfg_scale":0.5})"));
    CHECK_FALSE(check_of("kling-o3-pro-text-to-video").complaint(R"({"anything":[1,{"goes":true}]})"));
}

TEST_CASE("the last look refuses what the schema does, and says where") {
    const auto check = check_of("kling-v3-pro-text-to-video");
    CHECK(check.complaint(R"({"prompt":"A gull","duration":"2"})").value_or("") == "enum at /duration");
    CHECK(check.complaint(R"({"prompt":"A gull","duration":5})").has_value());
    CHECK(check.complaint(R"({"prompt":"A gull","cfg_scale":1.5})").has_value());
    CHECK(check.complaint(R"({"duration":"5"})").has_value());
}

TEST_CASE("the last look can be taken again and again") {
    const auto check = check_of("kling-v3-pro-text-to-video");
    CHECK(check.complaint(R"({"duration":"5"})").has_value());
    CHECK_FALSE(check.complaint(R"({"prompt":"A gull"})"));
    CHECK(check.complaint("{").has_value());
}

} // namespace reeld
