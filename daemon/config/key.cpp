#include "daemon/config/key.h"

#include "daemon/config/small_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace reeld {
namespace {

constexpr const char* kCredential = "eachlabs-api-key";
constexpr const char* kVariable = "EACHLABS_API_KEY";

// Permission bits of everyone but the owner.
constexpr mode_t kOthers = 077;

/// Takes the key out of a source's text, or says what is wrong with it.
void take_key(std::string_view text, KeyFound& found) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) {
        found.error = fmt::format("{}: there is no key in it: put the API key there, alone", found.source);
    } else if (text.size() > kKeyBytesMax) {
        found.error = fmt::format("{}: longer than {} bytes: this is no API key", found.source, kKeyBytesMax);
    } else if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; })) {
        found.error = fmt::format(
            "{}: not an API key: there are spaces, line ends, control characters or letters beyond "
            "ASCII in it; put the key there, alone",
            found.source);
    } else {
        found.key = text;
    }
}

// systemd owns a credential's permissions, so only a file of the operator's own is warned about.
KeyFound from_file(const std::filesystem::path& path, bool operators_own) {
    KeyFound found;
    found.source = path.string();
    // Room for line ends behind the longest key, so that its length is judged without them.
    const SmallFile file = read_small_file(path, kKeyBytesMax + 2);
    if (!file.error.empty()) {
        found.error = fmt::format("{}: the API key {}", found.source, file.error);
        return found;
    }
    take_key(file.content, found);
    if (operators_own && (file.mode & kOthers) != 0)
        found.warnings.push_back(
            fmt::format("{0}: others than its owner can use the key file (mode {1:03o}): chmod 600 {0}",
                        found.source, file.mode));
    return found;
}

} // namespace

KeyFound find_key(const Config& config, const Environment& environment) {
    if (!config.api.key_file.empty()) return from_file(config.api.key_file, true);
    if (const char* folder = environment("CREDENTIALS_DIRECTORY"); folder != nullptr && *folder != '\0') {
        const auto path = std::filesystem::path{folder} / kCredential;
        std::error_code error;
        if (std::filesystem::exists(path, error) || error) return from_file(path, false);
    }
    KeyFound found;
    const char* value = environment(kVariable);
    if (value == nullptr || *value == '\0') {
        found.error =
            fmt::format("there is no API key: to try reeld without one, add --sandbox; else name a file in "
                        "api.key_file, give the systemd credential {}, or "
                        "set ${}",
                        kCredential, kVariable);
        return found;
    }
    found.source = fmt::format("${}", kVariable);
    take_key(value, found);
    return found;
}

} // namespace reeld
