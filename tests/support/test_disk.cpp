#include "tests/support/test_disk.h"

#include <utility>

#include <sqlite3.h>

namespace reeld::test {

namespace {

/// An open file. SQLite allocates the memory, and that of the real file behind it.
struct TestFile {
    sqlite3_file base;
    TestDisk* disk;
    TestDisk::File kind;

    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

TestFile* self(sqlite3_file* file) {
    return reinterpret_cast<TestFile*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
    return self(file)->real();
}

TestDisk* disk_of(sqlite3_vfs* vfs) {
    return static_cast<TestDisk*>(vfs->pAppData);
}

sqlite3_vfs* real(sqlite3_vfs* vfs) {
    return disk_of(vfs)->real_vfs();
}

TestDisk::File kind_of(int flags) {
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return TestDisk::File::database;
    if ((flags & SQLITE_OPEN_WAL) != 0) return TestDisk::File::log;
    return TestDisk::File::other;
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    TestFile& it = *self(file);
    if (!it.disk->perform({.deed = TestDisk::Deed::write, .file = it.kind})) return SQLITE_FULL;
    return it.real()->pMethods->xWrite(it.real(), bytes, count, offset);
}

int sync(sqlite3_file* file, int /*flags*/) {
    TestFile& it = *self(file);
    return it.disk->perform({.deed = TestDisk::Deed::sync, .file = it.kind}) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

/// What is not a write or a sync goes straight to the real file.
sqlite3_io_methods make_methods(int version) {
    sqlite3_io_methods methods{};
    methods.iVersion = version;
    methods.xClose = [](auto* f) {
        return real(f)->pMethods->xClose(real(f));
    };
    methods.xRead = [](auto* f, void* to, int n, auto at) {
        return real(f)->pMethods->xRead(real(f), to, n, at);
    };
    methods.xWrite = write;
    methods.xTruncate = [](auto* f, auto size) {
        return real(f)->pMethods->xTruncate(real(f), size);
    };
    methods.xSync = sync;
    methods.xFileSize = [](auto* f, auto* size) {
        return real(f)->pMethods->xFileSize(real(f), size);
    };
    methods.xLock = [](auto* f, int level) {
        return real(f)->pMethods->xLock(real(f), level);
    };
    methods.xUnlock = [](auto* f, int level) {
        return real(f)->pMethods->xUnlock(real(f), level);
    };
    methods.xCheckReservedLock = [](auto* f, int* yes) {
        return real(f)->pMethods->xCheckReservedLock(real(f), yes);
    };
    methods.xFileControl = [](auto* f, int op, void* arg) {
        return real(f)->pMethods->xFileControl(real(f), op, arg);
    };
    methods.xSectorSize = [](auto* f) {
        return real(f)->pMethods->xSectorSize(real(f));
    };
    methods.xDeviceCharacteristics = [](auto* f) {
        return real(f)->pMethods->xDeviceCharacteristics(real(f));
    };
    methods.xShmMap = [](auto* f, int page, int size, int extend, void volatile** at) {
        return real(f)->pMethods->xShmMap(real(f), page, size, extend, at);
    };
    methods.xShmLock = [](auto* f, int at, int n, int flags) {
        return real(f)->pMethods->xShmLock(real(f), at, n, flags);
    };
    methods.xShmBarrier = [](auto* f) {
        real(f)->pMethods->xShmBarrier(real(f));
    };
    methods.xShmUnmap = [](auto* f, int remove) {
        return real(f)->pMethods->xShmUnmap(real(f), remove);
    };
    return methods;
}

std::string unused_name() {
    static int disks = 0;
    return "reeld-test-disk-" + std::to_string(++disks);
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    // Version 2 brought shared memory.
    static const sqlite3_io_methods kMethods = make_methods(2);
    static const sqlite3_io_methods kMethodsWithoutSharedMemory = make_methods(1);
    TestFile& it = *self(file);
    it.disk = disk_of(vfs);
    it.kind = kind_of(flags);
    const int code = real(vfs)->xOpen(real(vfs), name, it.real(), flags, flags_out);
    const sqlite3_io_methods* methods =
        it.disk->without_shared_memory ? &kMethodsWithoutSharedMemory : &kMethods;
    it.base.pMethods = code == SQLITE_OK ? methods : nullptr;
    return code;
}

} // namespace

TestDisk::TestDisk()
    : name_(unused_name()), real_(sqlite3_vfs_find(nullptr)), vfs_(std::make_unique<sqlite3_vfs>()) {
    sqlite3_vfs& vfs = *vfs_;
    vfs = {};
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(sizeof(TestFile)) + real_->szOsFile;
    vfs.mxPathname = real_->mxPathname;
    vfs.zName = name_.c_str();
    vfs.pAppData = this;
    vfs.xOpen = open;
    vfs.xDelete = [](auto* v, const char* name, int sync_folder) {
        return real(v)->xDelete(real(v), name, sync_folder);
    };
    vfs.xAccess = [](auto* v, const char* name, int flags, int* yes) {
        return real(v)->xAccess(real(v), name, flags, yes);
    };
    vfs.xFullPathname = [](auto* v, const char* name, int n, char* to) {
        return real(v)->xFullPathname(real(v), name, n, to);
    };
    vfs.xRandomness = [](auto* v, int n, char* to) {
        return real(v)->xRandomness(real(v), n, to);
    };
    vfs.xSleep = [](auto* /*v*/, int us) {
        return us;
    };
    vfs.xCurrentTime = [](auto* v, double* now) {
        return real(v)->xCurrentTime(real(v), now);
    };
    vfs.xGetLastError = [](auto* v, int n, char* to) {
        return real(v)->xGetLastError(real(v), n, to);
    };
    sqlite3_vfs_register(&vfs, 0);
}

TestDisk::~TestDisk() {
    sqlite3_vfs_unregister(vfs_.get());
}

std::vector<TestDisk::Operation> TestDisk::take_operations() {
    return std::exchange(operations_, {});
}

bool TestDisk::perform(Operation operation) {
    operations_.push_back(operation);
    if (operation.deed == Deed::write) return !full && !(database_full && operation.file == File::database);
    if (operation.file == File::log) return !log_sync_fails;
    return operation.file != File::database || !database_sync_fails;
}

} // namespace reeld::test
