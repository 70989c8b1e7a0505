#include "jobs/eachlabs/webhook_body.h"

#include <doctest/doctest.h>

#include <string>

using namespace reeld::eachlabs;

TEST_CASE("a webhook names the prediction that has ended, and nothing else of it is read") {
    CHECK(read_webhook(R"({"exec_id":"p-1","status":"succeeded","output":"https://x/y.mp4","error":""})") ==
          "p-1");
    CHECK(read_webhook(R"({"exec_id":"p-1","flow_id":"","status":"failed","output":[{"error":"no"}]})") ==
          "p-1");
    CHECK(read_webhook(R"({"exec_id":"p-1"})") == "p-1");
}

TEST_CASE("a body that is no webhook names no prediction") {
    const std::string deep(1'000, '[');
    for (const std::string& body :
         {std::string{}, std::string{"{"}, std::string{"[]"}, std::string{"null"}, std::string{"\"p-1\""},
          std::string{R"({"id":"p-1"})"}, std::string{R"({"exec_id":1})"}, std::string{R"({"exec_id":""})"},
          std::string{R"({"exec_id":"../p"} x)"}, std::string{R"({"exec_id":"a b"})"},
          std::string{R"({"exec_id":".."})"}, R"({"exec_id":"p-1","output":)" + deep,
          R"({"exec_id":")" + std::string(300, 'p') + "\"}", std::string{"exec_id=p-1"},
          std::string{"{\"exec_id\":\"p-1\0\"}", 18}}) {
        CAPTURE(body);
        CHECK(read_webhook(body) == "");
    }
}
