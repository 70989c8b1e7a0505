#include "daemon/app/boot_id.h"

#include <fstream>

namespace reeld {

std::string read_boot_id() {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

} // namespace reeld
