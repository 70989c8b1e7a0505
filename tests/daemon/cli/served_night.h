/// A night with a watch folder, for tests of `reeld serve`.
#pragma once

#include "tests/support/night.h"

#include <filesystem>
#include <string>
#include <vector>

namespace reeld::test {

/// Scans often and waits briefly, so that a dropped file is taken within a tenth of a second.
class ServedNight : public Night {
public:
    explicit ServedNight(const std::vector<std::string>& sandbox_options = {"--time", "30ms"})
        : Night(sandbox_options) {
        configure("watch", inbox().string());
        configure("scan", "50ms");
        configure("quiet", "20ms");
        configure("polling", "{ first: 10ms, min: 10ms, max: 50ms }");
        std::filesystem::create_directories(inbox());
    }

    [[nodiscard]] std::filesystem::path inbox() const { return folder() / "inbox"; }

    /// Writes the whole file under a dot name, then renames it into place.
    void drop(const std::string& name, const std::string& content) const {
        const std::filesystem::path hidden = write("inbox/.dropped", content);
        std::filesystem::rename(hidden, inbox() / name);
    }

    [[nodiscard]] ProgramStart serve() const { return reeld({"serve"}); }
    [[nodiscard]] bool has(const std::string& file) const { return std::filesystem::exists(folder() / file); }
    [[nodiscard]] int creates() { return sandbox().report()["creates_accepted"].GetInt(); }
};

} // namespace reeld::test
