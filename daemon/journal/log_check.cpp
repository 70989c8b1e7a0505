#include "daemon/journal/log_check.h"

#include <cstdint>
#include <fmt/format.h>
#include <fstream>
#include <string_view>
#include <vector>

namespace reeld {

namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::size_t kPageBytesMin = 512;
constexpr std::size_t kPageBytesMax = 65536;

/// Without its lowest bit, which says how the checksums read their words.
constexpr std::uint32_t kMagic = 0x377f0682;

using Bytes = std::vector<unsigned char>;

std::uint32_t word_at(const Bytes& bytes, std::size_t at, bool big_endian = true) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t shift = 8 * (big_endian ? 3 - i : i);
        word |= std::uint32_t{bytes[at + i]} << shift;
    }
    return word;
}

struct Checksum {
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    /// Over bytes [from, to) of whole pairs of words.
    void add(const Bytes& bytes, std::size_t from, std::size_t to, bool big_endian) {
        for (std::size_t at = from; at < to; at += 8) {
            first += word_at(bytes, at, big_endian) + second;
            second += word_at(bytes, at + 4, big_endian) + first;
        }
    }

    [[nodiscard]] bool is_at(const Bytes& bytes, std::size_t at) const {
        return word_at(bytes, at) == first && word_at(bytes, at + 4) == second;
    }
};

bool read_exactly(std::ifstream& file, Bytes& bytes) {
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return file.gcount() == static_cast<std::streamsize>(bytes.size());
}

/// Reads frame after frame, and knows which of them SQLite would go by.
class LogScan {
public:
    explicit LogScan(std::ifstream& file) : file_(file), header_(kHeaderBytes) {}

    /// False: there is a header, and it does not fit.
    bool read_header() {
        if (!read_exactly(file_, header_)) return true;
        big_endian_ = (word_at(header_, 0) & 1) != 0;
        page_bytes_ = word_at(header_, 8);
        checksum_.add(header_, 0, 24, big_endian_);
        if ((word_at(header_, 0) & ~1U) != kMagic || !checksum_.is_at(header_, 24)) return false;
        return page_bytes_ >= kPageBytesMin && page_bytes_ <= kPageBytesMax;
    }

    /// Commits behind the first frame that does not fit.
    int lost_commits() {
        int lost = 0;
        bool fits = true;
        Bytes frame(kFrameHeaderBytes + page_bytes_);
        while (read_exactly(file_, frame)) {
            const bool same_log =
                word_at(frame, 8) == word_at(header_, 16) && word_at(frame, 12) == word_at(header_, 20);
            const bool commits = word_at(frame, 4) != 0;
            checksum_.add(frame, 0, 8, big_endian_);
            checksum_.add(frame, kFrameHeaderBytes, frame.size(), big_endian_);
            fits = fits && same_log && checksum_.is_at(frame, 16);
            if (!fits && same_log && commits) ++lost;
        }
        return lost;
    }

private:
    std::ifstream& file_;
    Bytes header_;
    std::size_t page_bytes_ = kPageBytesMin;
    bool big_endian_ = true;
    Checksum checksum_;
};

} // namespace

std::optional<std::string> why_log_is_damaged(const std::filesystem::path& log) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(log, missing);
    // Without a whole frame nothing was ever committed to it.
    if (missing || size < kHeaderBytes + kFrameHeaderBytes + kPageBytesMin) return std::nullopt;
    std::ifstream file(log, std::ios::binary);
    LogScan scan(file);
    if (!scan.read_header()) return fmt::format("the header of its log {} is damaged", log.native());
    const int lost = scan.lost_commits();
    if (lost < 2) return std::nullopt;
    return fmt::format("its log {} is damaged before the last {} commits", log.native(), lost);
}

} // namespace reeld
