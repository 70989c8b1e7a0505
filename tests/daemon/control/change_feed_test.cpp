#include "daemon/control/change_feed.h"

#include "tests/daemon/app/running_app.h"

#include <doctest/doctest.h>
#include <string>

namespace reeld::test {

TEST_CASE("shots as long as a provider can make them cut nobody off: they are asked for instead") {
    RunningApp app(1);
    app.silent = true;
    int reloads = 0;
    ChangeFeed feed(app.app, {.status = [] { return std::string("{}"); },
                              .shots =
                                  [](BatchKey, const std::set<std::uint32_t>&) {
                                      return std::string(ChangeFeed::shots_bytes_max / 3, 'x');
                                  },
                              .reload =
                                  [&](BatchKey) {
                                      ++reloads;
                                      return std::string("{}");
                                  }});
    app.on_event = [&](const Event& event) {
        feed.note(event);
    };
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}) app.accept(name, 1);
    const auto listener = feed.listen();
    const std::size_t before = listener->buffered();
    const BatchKey end = app.app.queue().ledger().batches().rbegin()->first;
    for (BatchKey batch = app.app.queue().ledger().batches().begin()->first; batch <= end; ++batch) {
        Event event;
        event.fact = event::PredictionCancelled{.shot = {.batch = batch, .index = 0}};
        feed.note(event);
    }
    app.turn_until([&] { return listener->closed() || listener->buffered() > before; });
    CHECK_FALSE(listener->closed());
    CHECK(reloads == 10);
    CHECK(listener->buffered() < 2 * ChangeFeed::shots_bytes_max);
}

} // namespace reeld::test
