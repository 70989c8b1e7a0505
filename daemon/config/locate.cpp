#include "daemon/config/locate.h"

#include "daemon/config/small_file.h"

namespace reeld {

std::filesystem::path locate_config(const std::filesystem::path& chosen, const Environment& environment,
                                    const std::filesystem::path& system) {
    if (!chosen.empty()) return chosen;
    if (const char* path = environment("REELD_CONFIG"); path != nullptr && *path != '\0') return path;
    // A system file that cannot even be looked at is named, so that reading it tells why.
    std::error_code error;
    const auto type = std::filesystem::status(system, error).type();
    if (type == std::filesystem::file_type::not_found) return {};
    return system;
}

ConfigRead load_config(const std::filesystem::path& path) {
    const SmallFile file = read_small_file(path, kConfigBytesMax);
    if (file.error.empty()) return read_config(file.content);
    ConfigRead result;
    result.faults.push_back(
        {.severity = Severity::error, .place = {}, .message = file.error, .excerpt = {}, .caret = 0});
    return result;
}

} // namespace reeld
