/// Lets go of memory that only the start, or a night, has needed.
///
/// Starting up runs once through the code of some forty libraries: their loading, their tables, TLS, the
/// reading of a configuration. The kernel keeps those pages mapped, and counts them, for as long as the
/// program lives, and takes them back late, because they look used. A daemon that waits for the night needs
/// a third of them.
///
/// Threading: any. Ownership: none.
#pragma once

namespace reeld {

/// Unmaps the pages of code and constants that are mapped now, of the program and its libraries. They stay in
/// the page cache, and what is needed again is mapped again when it is touched, without reading the disk as
/// long as the cache has it: some hundreds of small faults. Nothing that was ever written is touched.
void unmap_clean_pages() noexcept;

} // namespace reeld
