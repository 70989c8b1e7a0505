#include "daemon/app/model_lookup.h"

#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/requests.h"

#include <memory>

namespace reeld {

namespace {

/// A storyboard waits for its models' schemas at most this long; they are a convenience.
constexpr Duration kAnswerWithin = std::chrono::seconds{10};

} // namespace

std::vector<std::string> ModelLookup::worth_asking(const std::vector<std::string>& slugs) const {
    std::vector<std::string> fresh;
    for (const auto& slug : slugs) {
        if (!asked_.contains(slug)) fresh.push_back(slug);
    }
    return fresh;
}

void ModelLookup::ask(const std::vector<std::string>& slugs, std::function<void(bool)> done) {
    struct Round {
        std::size_t open = 0;
        bool learned = false;
        std::function<void(bool)> done;
    };
    auto round = std::make_shared<Round>(Round{.open = slugs.size(), .done = std::move(done)});
    for (const auto& slug : slugs) {
        asked_.insert(slug);
        HttpRequest request{.url = base_url_ + eachlabs::model_call(slug).path,
                            .connect_timeout = kAnswerWithin,
                            .total_timeout = kAnswerWithin};
        http_.start(std::move(request), [this, round, slug](HttpAnswer&& answer) {
            const bool usable = answer.outcome == HttpAnswer::Outcome::answered;
            const auto verdict = usable ? eachlabs::read_model({.status = answer.status,
                                                                .body = answer.body,
                                                                .retry_after = {},
                                                                .date = {},
                                                                .content_type = answer.content_type})
                                        : eachlabs::ModelVerdict{};
            if (!verdict.schema.empty()) {
                journal_.learn_model(slug, verdict.schema);
                round->learned = true;
            }
            if (--round->open == 0) round->done(round->learned);
        });
    }
}

} // namespace reeld
