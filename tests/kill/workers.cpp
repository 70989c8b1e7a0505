#include "tests/kill/workers.h"

#include <atomic>
#include <thread>
#include <vector>

namespace reeld::test {

void work_off(std::size_t count, int threads, const std::function<void(std::size_t)>& errand) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back([&] {
            for (std::size_t mine = next++; mine < count; mine = next++) errand(mine);
        });
    }
}

} // namespace reeld::test
