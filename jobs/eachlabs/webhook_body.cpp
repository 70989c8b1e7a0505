#include "jobs/eachlabs/webhook_body.h"

#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/prediction_id.h"

namespace reeld::eachlabs {

std::string read_webhook(std::string_view body) {
    const auto document = parse_mended_body(body);
    if (!document || !document->IsObject()) return {};
    const std::string_view id = string_member(*document, "exec_id");
    return is_prediction_id(id) ? std::string{id} : std::string{};
}

} // namespace reeld::eachlabs
