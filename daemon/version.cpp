#include "daemon/version.h"

namespace reeld {

std::string_view version() {
    return REELD_VERSION;
}

} // namespace reeld
