#include "tests/jobs/eachlabs/plain_answer.h"

#include <doctest/doctest.h>

using namespace reeld::eachlabs;
using reeld::test::answer;

namespace {

ModelVerdict model(int status, std::string_view body) {
    return read_model(answer(status, body));
}

} // namespace

TEST_CASE("a model's schema is handed over as JSON text") {
    const auto read = model(200, R"({"slug":"m","request_schema":{"type": "object", "properties": {}}})");
    CHECK(read.schema == R"({"type":"object","properties":{}})");
    CHECK(read.error.empty());
    CHECK_FALSE(read.unknown_model);
}

TEST_CASE("a model that the provider does not know is told from a provider that does not answer") {
    const auto unknown = model(404, R"({"error":"Failed to fetch model: model not found"})");
    CHECK(unknown.unknown_model);
    CHECK(unknown.error == "HTTP 404: Failed to fetch model: model not found");
    CHECK_FALSE(model(404, "<html>no such page</html>").unknown_model);
    CHECK_FALSE(model(500, R"({"error":"internal"})").unknown_model);
}

TEST_CASE("a model without a usable schema says so") {
    for (const std::string_view body :
         {R"({"slug":"m"})", R"({"request_schema":null})", R"({"request_schema":"{}"})",
          R"({"request_schema":[]})", "[]", "", "<html>"}) {
        CAPTURE(body);
        const auto read = model(200, body);
        CHECK(read.schema.empty());
        CHECK_FALSE(read.error.empty());
    }
}
