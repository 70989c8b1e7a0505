/// The body of a create, read and checked.
#pragma once

#include "daemon/sandbox/models.h"
#include "daemon/sandbox/reply.h"
#include "daemon/sandbox/webhooks.h"

#include <variant>

namespace reeld::sandbox {

struct CreateRequest {
    std::size_t model = 0; ///< Index into the models.
    std::string input;     ///< Canonical JSON, an object.
    int clip_seconds = 0;  ///< Length of the video asked for.
    WebhookWish webhook;
};

/// 400: not a JSON object, or a member of it has the wrong type. 404: a model that is not among `models`.
/// 422: an input that the model does not take.
[[nodiscard]] std::variant<CreateRequest, Problem> read_create_request(std::string_view body,
                                                                       const std::vector<Model>& models);

} // namespace reeld::sandbox
