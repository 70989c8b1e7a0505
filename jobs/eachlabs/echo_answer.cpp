#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/canonical_json.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/no_news.h"
#include "jobs/eachlabs/prediction_id.h"

namespace reeld::eachlabs {

EchoVerdict read_echo(const Answer& answer, std::string_view prediction) {
    if (answer.status < 200 || answer.status > 299) return no_news(answer);
    const auto body = parse_body(answer.body);
    if (!body || !body->IsObject()) return no_news(answer, "no prediction");
    if (names_only_others(*body, prediction)) return no_news(answer, "the answer is another prediction's");
    const rapidjson::Value* input = member(*body, "input");
    if (input == nullptr || !input->IsObject())
        return no_news(answer, "the prediction comes without its input");
    // The text and not the value above, whose numbers have lost their last digits.
    auto canonical = canonical_member(answer.body, "input");
    if (!canonical) return no_news(answer, "an object names a key twice");
    return Echo{.input = *std::move(canonical)};
}

} // namespace reeld::eachlabs
