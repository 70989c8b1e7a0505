#include "daemon/supervisor/clean_pages.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace reeld {

namespace {

int unmap_clean_pages_of(dl_phdr_info* object, std::size_t, void*) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const std::uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
        const std::uintptr_t first = begin / page * page;
        const std::uintptr_t end = (begin + segment.p_memsz) / page * page;
        // A kernel that does not want to has lost nothing.
        if (first < end) ::madvise(std::bit_cast<void*>(first), end - first, MADV_DONTNEED);
    }
    return 0;
}

} // namespace

void unmap_clean_pages() noexcept {
    ::dl_iterate_phdr(unmap_clean_pages_of, nullptr);
}

} // namespace reeld
