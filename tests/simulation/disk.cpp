#include "tests/simulation/disk.h"

#include "tests/simulation/disk_vfs.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace reeld::test {

namespace {

namespace fs = std::filesystem;

/// What a disk writes whole or not at all.
constexpr std::int64_t kSectorBytes = 512;

fs::path make_folder() {
    const fs::path memory = "/dev/shm";
    std::string name = ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "reeld-sim-XXXXXX");
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + name);
    return name;
}

std::string unused_name() {
    static int disks = 0;
    return "reeld-simulated-disk-" + std::to_string(++disks);
}

std::string read_all(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

Disk::Disk()
    : folder_(make_folder()), name_(unused_name()), real_(sqlite3_vfs_find(nullptr)),
      vfs_(std::make_unique<sqlite3_vfs>(make_vfs(*this))) {
    sqlite3_vfs_register(vfs_.get(), 0);
}

Disk::~Disk() {
    sqlite3_vfs_unregister(vfs_.get());
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Disk::revive() {
    left_ = UINT64_MAX;
    shared_.clear();
}

bool Disk::operate() {
    if (left_ == 0) return false;
    if (left_ != UINT64_MAX) --left_;
    return left_ != 0;
}

bool Disk::log_synced() const {
    return std::all_of(unsynced_.begin(), unsynced_.end(), [](const auto& file) {
        return !file.first.ends_with("-wal") ||
               std::all_of(file.second.begin(), file.second.end(),
                           [](const Overwritten& it) { return it.lost_for_sure; });
    });
}

void Disk::note_sync(Unsynced& writes, std::int64_t size) {
    ++syncs_;
    std::erase_if(writes, [&](const Overwritten& it) { return !it.lost_for_sure || it.offset >= size; });
}

void Disk::fail_sync(Unsynced& writes) {
    for (auto& it : writes) it.lost_for_sure = true;
}

char* Disk::shared(int region, int bytes, bool make) {
    const auto index = static_cast<std::size_t>(region);
    while (make && shared_.size() <= index)
        shared_.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
    return index < shared_.size() ? shared_[index].get() : nullptr;
}

void Disk::cut_power(Dice& dice) {
    for (const auto& [path, writes] : unsynced_) {
        if (!writes.empty() && fs::exists(path)) lose(path, writes, dice);
    }
    unsynced_.clear();
}

void Disk::lose(const std::string& path, const Unsynced& writes, Dice& dice) {
    const std::string written = read_all(path);
    std::string kept = written;
    for (auto it = writes.rbegin(); it != writes.rend(); ++it) {
        kept.resize(std::max(kept.size(), static_cast<std::size_t>(it->offset) + it->before.size()));
        kept.replace(static_cast<std::size_t>(it->offset), it->before.size(), it->before);
        kept.resize(static_cast<std::size_t>(it->size_before));
    }
    const double share = dice.in_unit();
    for (const auto& it : writes) {
        for (std::int64_t at = it.offset - it.offset % kSectorBytes; at < it.offset + it.count;
             at += kSectorBytes) {
            if (it.lost_for_sure || !dice.chance(share)) continue;
            const auto from = static_cast<std::size_t>(std::max(at, it.offset));
            const auto to = static_cast<std::size_t>(std::min(at + kSectorBytes, it.offset + it.count));
            if (from >= written.size()) continue;
            if (kept.size() < to) kept.resize(to);
            kept.replace(from, to - from, written, from, to - from);
        }
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << kept;
}

} // namespace reeld::test
