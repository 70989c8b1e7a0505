#include "tests/simulation/disk_vfs.h"

#include <algorithm>
#include <string>

namespace reeld::test {

namespace {

/// An open file. SQLite allocates the memory, and that of the real file behind it.
struct OpenFile {
    sqlite3_file base;
    Disk* disk;
    Disk::Unsynced* unsynced; ///< Null for files that SQLite made for itself.

    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

OpenFile& self(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}

Disk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<Disk*>(vfs->pAppData);
}

sqlite3_vfs* real(sqlite3_vfs* vfs) {
    return disk_of(vfs).real_vfs();
}

std::int64_t size_of(OpenFile& it) {
    sqlite3_int64 size = 0;
    it.real()->pMethods->xFileSize(it.real(), &size);
    return size;
}

/// Remembers what stands where `count` bytes are going to be written.
void remember(OpenFile& it, std::int64_t offset, std::int64_t count) {
    if (it.unsynced == nullptr) return;
    const std::int64_t size = size_of(it);
    const std::int64_t there = std::clamp<std::int64_t>(size - offset, 0, count);
    std::string before(static_cast<std::size_t>(there), '\0');
    if (there > 0) it.real()->pMethods->xRead(it.real(), before.data(), static_cast<int>(there), offset);
    // Writing a page anew makes it dirty again: the next sync brings it after all.
    for (auto& earlier : *it.unsynced) {
        if (earlier.offset < offset + count && offset < earlier.offset + earlier.count)
            earlier.lost_for_sure = false;
    }
    it.unsynced->push_back({.offset = offset,
                            .count = count,
                            .before = std::move(before),
                            .size_before = size,
                            .lost_for_sure = false});
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    OpenFile& it = self(file);
    if (!it.disk->operate()) return SQLITE_IOERR_WRITE;
    if (it.disk->full) return SQLITE_FULL;
    remember(it, offset, count);
    return it.real()->pMethods->xWrite(it.real(), bytes, count, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    OpenFile& it = self(file);
    if (!it.disk->operate()) return SQLITE_IOERR_TRUNCATE;
    const std::int64_t now = size_of(it);
    if (size < now) remember(it, size, now - size);
    return it.real()->pMethods->xTruncate(it.real(), size);
}

int sync(sqlite3_file* file, int /*flags*/) {
    OpenFile& it = self(file);
    if (!it.disk->operate()) return SQLITE_IOERR_FSYNC;
    if (it.unsynced == nullptr) return SQLITE_OK;
    if (it.disk->syncs_fail) {
        Disk::fail_sync(*it.unsynced);
        return SQLITE_IOERR_FSYNC;
    }
    it.disk->note_sync(*it.unsynced, size_of(it));
    return SQLITE_OK;
}

int map_shared(sqlite3_file* file, int region, int bytes, int extend, void volatile** at) {
    *at = self(file).disk->shared(region, bytes, extend != 0);
    return SQLITE_OK;
}

sqlite3_io_methods make_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 2;
    methods.xClose = [](auto* f) {
        return self(f).real()->pMethods->xClose(self(f).real());
    };
    methods.xRead = [](auto* f, void* to, int n, auto at) {
        return self(f).real()->pMethods->xRead(self(f).real(), to, n, at);
    };
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = [](auto* f, auto* size) {
        return self(f).real()->pMethods->xFileSize(self(f).real(), size);
    };
    methods.xLock = [](auto*, int) {
        return SQLITE_OK;
    };
    methods.xUnlock = [](auto*, int) {
        return SQLITE_OK;
    };
    methods.xCheckReservedLock = [](auto*, int* yes) {
        *yes = 0;
        return SQLITE_OK;
    };
    methods.xFileControl = [](auto* f, int op, void* arg) {
        return self(f).real()->pMethods->xFileControl(self(f).real(), op, arg);
    };
    methods.xSectorSize = [](auto* f) {
        return self(f).real()->pMethods->xSectorSize(self(f).real());
    };
    methods.xDeviceCharacteristics = [](auto* f) {
        return self(f).real()->pMethods->xDeviceCharacteristics(self(f).real());
    };
    methods.xShmMap = map_shared;
    methods.xShmLock = [](auto*, int, int, int) {
        return SQLITE_OK;
    };
    methods.xShmBarrier = [](auto*) {
    };
    methods.xShmUnmap = [](auto*, int) {
        return SQLITE_OK;
    };
    return methods;
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    static const sqlite3_io_methods kMethods = make_methods();
    OpenFile& it = self(file);
    it.disk = &disk_of(vfs);
    it.unsynced = name == nullptr ? nullptr : &it.disk->unsynced(name);
    const int code = real(vfs)->xOpen(real(vfs), name, it.real(), flags, flags_out);
    it.base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
    return code;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    Disk& disk = disk_of(vfs);
    if (!disk.operate()) return SQLITE_IOERR_DELETE;
    const int code = real(vfs)->xDelete(real(vfs), name, sync_folder);
    if (code == SQLITE_OK) disk.unsynced(name).clear();
    return code;
}

} // namespace

sqlite3_vfs make_vfs(Disk& disk) {
    sqlite3_vfs vfs{};
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(sizeof(OpenFile)) + disk.real_vfs()->szOsFile;
    vfs.mxPathname = disk.real_vfs()->mxPathname;
    vfs.zName = disk.vfs().c_str();
    vfs.pAppData = &disk;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = [](auto* v, const char* name, int flags, int* yes) {
        return real(v)->xAccess(real(v), name, flags, yes);
    };
    vfs.xFullPathname = [](auto* v, const char* name, int n, char* to) {
        return real(v)->xFullPathname(real(v), name, n, to);
    };
    vfs.xRandomness = [](auto* v, int n, char* to) {
        return real(v)->xRandomness(real(v), n, to);
    };
    vfs.xSleep = [](auto*, int us) {
        return us;
    };
    vfs.xCurrentTime = [](auto* v, double* now) {
        return real(v)->xCurrentTime(real(v), now);
    };
    vfs.xGetLastError = [](auto* v, int n, char* to) {
        return real(v)->xGetLastError(real(v), n, to);
    };
    return vfs;
}

} // namespace reeld::test
