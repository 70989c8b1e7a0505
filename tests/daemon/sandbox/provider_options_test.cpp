#include "daemon/sandbox/provider_options.h"

#include <cmath>
#include <doctest/doctest.h>

namespace reeld::sandbox {

namespace {

template <typename Change>
std::string complaint_after(Change change) {
    ProviderOptions options;
    change(options);
    return complaint_about(options);
}

bool names(const std::string& complaint, std::string_view flag) {
    return complaint.find(flag) != std::string::npos;
}

double& share(ProviderOptions& options, Misbehaviour what) {
    return options.misbehave.at(static_cast<std::size_t>(what));
}

} // namespace

TEST_CASE("the options that nobody touched are good") {
    CHECK(complaint_about({}) == "");
}

TEST_CASE("each option out of its bounds is named in the complaint") {
    using Options = ProviderOptions;
    CHECK(names(complaint_after([](Options& o) { o.limits.creates = 0; }), "--creates"));
    CHECK(names(complaint_after([](Options& o) { o.limits.concurrent = -1; }), "--concurrent"));
    CHECK(names(complaint_after([](Options& o) { o.limits.per = Duration::zero(); }), "--per"));
    CHECK(names(complaint_after([](Options& o) { o.speed = 0; }), "--speed"));
    CHECK(names(complaint_after([](Options& o) { o.speed = std::nan(""); }), "--speed"));
    CHECK(names(complaint_after([](Options& o) { o.spread = -0.1; }), "--spread"));
    CHECK(names(complaint_after([](Options& o) { o.time = Duration{-1}; }), "--time"));
    CHECK(names(complaint_after([](Options& o) { o.models.push_back({"", Duration{1}}); }), "--model"));
    CHECK(names(complaint_after([](Options& o) { o.models.push_back({"x", Duration{0}}); }), "--model x"));
    CHECK(names(complaint_after([](Options& o) { o.foreign = kForeignMax + 1; }), "--foreign"));
    CHECK(names(complaint_after([](Options& o) { o.fail.at(3) = 1.5; }), "--fail"));
    CHECK(names(complaint_after([](Options& o) { share(o, Misbehaviour::create_lost) = -1; }),
                "--misbehave create-lost"));
}

TEST_CASE("shares of one operation may add up to all of its requests, not to more") {
    CHECK(complaint_after([](ProviderOptions& options) {
              share(options, Misbehaviour::create_lost) = 0.7;
              share(options, Misbehaviour::create_500) = 0.3;
              share(options, Misbehaviour::poll_500) = 1;
          }) == "");
    CHECK(names(complaint_after([](ProviderOptions& options) {
                    share(options, Misbehaviour::auth) = 0.1;
                    share(options, Misbehaviour::poll_500) = 1;
                }),
                "poll"));
}

TEST_CASE("failures may be all predictions, not more") {
    CHECK(complaint_after([](ProviderOptions& options) {
              options.fail.at(static_cast<std::size_t>(Ending::provider)) = 0.9;
              options.fail.at(static_cast<std::size_t>(Ending::timeout)) = 0.1;
          }) == "");
    CHECK(names(complaint_after([](ProviderOptions& options) {
                    options.fail.at(static_cast<std::size_t>(Ending::provider)) = 0.9;
                    options.fail.at(static_cast<std::size_t>(Ending::timeout)) = 0.2;
                }),
                "--fail"));
}

} // namespace reeld::sandbox
