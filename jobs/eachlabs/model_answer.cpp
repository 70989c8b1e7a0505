#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/words.h"

namespace reeld::eachlabs {

ModelVerdict read_model(const Answer& answer) {
    const auto body = parse_body(answer.body);
    const bool provider_speaks = body && body->IsObject();
    if (answer.status != 200 || !provider_speaks)
        return {.schema = {},
                .error = first_words(answer),
                .unknown_model = answer.status == 404 && provider_speaks};
    const rapidjson::Value* schema = member(*body, "request_schema");
    if (schema == nullptr || !schema->IsObject())
        return {
            .schema = {}, .error = "the provider publishes no schema for this model", .unknown_model = false};
    return {.schema = compact_json(*schema), .error = {}, .unknown_model = false};
}

} // namespace reeld::eachlabs
