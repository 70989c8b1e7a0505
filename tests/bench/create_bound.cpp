#include "tests/bench/measure.h"

namespace reeld::bench {

Figures create_bound() {
    test::Night night({"--time", "50ms", "--spread", "0", "--creates", "100", "--per", "3s"});
    night.configure("limits", "{ creates: 100, per: 3s, concurrent: 10 }");
    night.configure("polling", "{ min: 5ms, max: 50ms }");
    const auto file = night.write("rate.yaml", test::Night::storyboard(600));
    require_success(run_program(night.reeld({"run", file})));
    const auto report = night.sandbox().report();
    return {at_most("makespan / ideal", 1.02, number_in(report, "makespan_over_ideal"), "{:.4f}"),
            at_most("creates refused", 0, refused_in(report), "{:.0f}"),
            at_most("most creates in any 3 s", 100, number_in(report, "most_creates_in_window"), "{:.0f}")};
}

} // namespace reeld::bench
