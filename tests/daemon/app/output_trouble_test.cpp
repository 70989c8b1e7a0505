#include "tests/daemon/app/running_app.h"
#include "tests/support/library_faults.h"
#include "tests/support/night.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>

namespace reeld::test {

namespace {

std::ptrdiff_t lines_in(const std::filesystem::path& file) {
    const std::string text = read_file(file);
    return std::count(text.begin(), text.end(), '\n');
}

} // namespace

TEST_CASE("a batch whose folder cannot be written holds up no other, and is written when it can be") {
    RunningApp it(4);
    const auto output = it.folder / "output";
    std::filesystem::create_directory(output);
    std::ofstream(output / "harbor") << "in the way";
    const BatchKey harbor = it.accept("harbor", 2);
    const BatchKey quay = it.accept("quay", 2);
    const auto written = [&it](BatchKey batch) {
        return it.app.queue().ledger().batch(batch).manifest_written;
    };
    it.turn_until([&] { return written(quay) && !it.troubles.empty(); });
    CHECK_FALSE(written(harbor));
    REQUIRE(it.troubles.size() == 1);
    CHECK(it.troubles[0].find("harbor/manifest.jsonl") != std::string::npos);
    std::filesystem::remove(output / "harbor");
    it.turn_until([&] { return written(harbor); });
    REQUIRE(it.troubles.size() == 2);
    CHECK(it.troubles[1].find("is made anew") != std::string::npos);
    CHECK(lines_in(output / "harbor" / "manifest.jsonl") == 2);
    CHECK(lines_in(output / "quay" / "manifest.jsonl") == 2);
}

TEST_CASE("a failed sync in the output folder makes a manifest late, and each line stands in it once") {
    RunningApp it(4);
    it.on_event = [&it](const Event& event) {
        const bool first = it.count<event::PredictionSucceeded>() == 1;
        if (first && std::holds_alternative<event::PredictionSucceeded>(event.fact)) fail_syncs(1);
    };
    it.accept("harbor", 3);
    it.turn_until([&] { return it.count<event::ManifestWritten>() == 1; });
    CHECK_FALSE(it.troubles.empty());
    CHECK(lines_in(it.folder / "output" / "harbor" / "manifest.jsonl") == 3);
}

} // namespace reeld::test
