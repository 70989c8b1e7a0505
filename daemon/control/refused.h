/// Why something that was asked of the daemon is not done, as a value.
///
/// Pure; the sentences are for a person, and for the API's `{"error": {"message", "remedy"}}`.
#pragma once

#include <string>

namespace reeld {

struct Refused {
    int status = 409;    ///< HTTP's word for it: 400, 403, 404, 405, 409, 421, 422 or 503.
    std::string message; ///< One sentence, without its full stop, that names the thing.
    std::string remedy;  ///< What to do about it; may be empty.
};

} // namespace reeld
