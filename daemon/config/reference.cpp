#include "daemon/config/reference.h"

#include "daemon/config/setting.h"

#include <fmt/format.h>

namespace reeld {

std::string config_reference() {
    const Config defaults;
    std::string text = "# All settings of reeld with their defaults.\n";
    std::string_view open_section;
    for (const Setting& setting : settings()) {
        const auto dot = setting.key.find('.');
        const std::string_view section =
            dot == setting.key.npos ? std::string_view{} : setting.key.substr(0, dot);
        const std::string_view name = dot == setting.key.npos ? setting.key : setting.key.substr(dot + 1);
        const std::string_view indent = section.empty() ? "" : "  ";
        text += section.empty() || section != open_section ? "\n" : "";
        if (!section.empty() && section != open_section) text += fmt::format("{}:\n", section);
        open_section = section;
        const std::string value = show(setting, defaults);
        text += fmt::format("{0}# {1}.\n{0}# Takes {2}.\n{0}{3}:{4}{5}\n", indent, setting.meaning,
                            takes(setting), name, value.empty() ? "" : " ", value);
    }
    return text;
}

} // namespace reeld
