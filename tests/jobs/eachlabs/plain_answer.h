/// An answer of the provider's that says nothing but its status and its body.
#pragma once

#include "jobs/eachlabs/answers.h"

#include <string_view>

namespace reeld::test {

[[nodiscard]] inline eachlabs::Answer answer(int status, std::string_view body) {
    return {.status = status, .body = body, .retry_after = {}, .date = {}, .content_type = {}};
}

} // namespace reeld::test
