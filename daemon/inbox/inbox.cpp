#include "daemon/inbox/inbox.h"

#include "daemon/inbox/clear_away.h"
#include "daemon/inbox/file_version.h"
#include "daemon/inbox/folder_reader.h"
#include "daemon/inbox/folder_watch.h"
#include "daemon/inbox/storyboard_name.h"
#include "daemon/inbox/waiting_files.h"
#include "daemon/output/fd.h"
#include "daemon/output/files.h"

#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/epoll.h>
#include <sys/file.h>
#include <system_error>
#include <utility>

namespace reeld {
namespace {

/// How long one turn of the loop may look at files.
constexpr Duration kStepTime = std::chrono::milliseconds{5};

/// Files that stay claimed beyond their offer: as many as descriptors can be spared for.
constexpr std::size_t kClaimsMax = 64;

/// Two daemons may watch one folder by mistake; a file is one's only, or both would render and pay for it. A
/// file system without locks cannot be asked.
bool claim(int fd) {
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

} // namespace

struct Inbox::Impl {
    Impl(Loop& loop, Options&& options, Reports&& reports);

    void wake() { Loop::set_on(step_, true); }
    void want_scan() {
        scan_wanted_ = true;
        wake();
    }
    void step();
    [[nodiscard]] bool has_more() const;

    void begin_scan();
    void scan_on(Instant deadline);
    void folder_lost(int error);

    void watch_folder();
    void read_news();
    void hear(FolderWatch::Kind kind, std::string_view name);
    void look_at_quiet(Instant deadline);

    void offer_next();
    /// An offer that is over. The file stays claimed as long as this lives.
    struct Ended {
        Offer offer;
        Fd file;
    };
    Ended end_offer();
    void keep(const Offer& offer);
    void keep_claim(const std::string& name, Fd file);
    void tell_once(const std::string& name, const std::string& trouble);

    [[nodiscard]] std::filesystem::path path_of(std::string_view name) const { return folder_ / name; }

    Loop& loop_;
    const std::filesystem::path folder_; ///< Absolute.
    const Duration scan_interval_;
    const Reports reports_;

    WaitingFiles waiting_;
    FolderReader scan_;        ///< Open while a scan is under way.
    bool scan_wanted_ = false; ///< A scan is to begin, after the one that is under way.
    bool is_lost_ = false;     ///< The folder was told to be gone.

    FolderWatch news_;
    bool news_stale_ = true;    ///< The watched folder is no longer the one at our path.
    bool no_news_told_ = false; ///< That inotify refused us.

    /// Files that stay claimed though they are not offered: of what was accepted, perhaps.
    std::map<std::string, Fd> claims_;

    Fd offered_fd_;
    Offer offered_; ///< Meaningful while offered_fd_ is open.

    // Last, so that they end before what their callbacks use.
    Loop::Watch news_watch_;
    Loop::Watch step_;
    LoopTimer scan_timer_;
    LoopTimer quiet_timer_;
};

Inbox::Impl::Impl(Loop& loop, Options&& options, Reports&& reports)
    : loop_(loop), folder_(std::filesystem::absolute(options.folder).lexically_normal()),
      scan_interval_(options.scan_interval), reports_(std::move(reports)), waiting_(options.quiet_time),
      step_(loop.at_turn_end([this] { step(); })), scan_timer_(loop, [this] { want_scan(); }),
      quiet_timer_(loop, [this] { wake(); }) {
    std::filesystem::create_directories(folder_);
    want_scan();
}

/// One portion of whatever there is to do. Everything the inbox does begins here, at the end of a turn.
void Inbox::Impl::step() {
    const Instant deadline = loop_.now().at + kStepTime;
    if (scan_wanted_ && !scan_.is_open()) begin_scan();
    if (news_watch_) Loop::change_fd(news_watch_, EPOLLIN);
    look_at_quiet(deadline);
    if (scan_.is_open()) scan_on(deadline);
    if (!offered_fd_ && waiting_.has_ready()) offer_next();
    quiet_timer_.arm_at(waiting_.next_quiet_over());
    Loop::set_on(step_, has_more());
}

bool Inbox::Impl::has_more() const {
    return scan_wanted_ || scan_.is_open() || (!offered_fd_ && waiting_.has_ready());
}

void Inbox::Impl::begin_scan() {
    scan_wanted_ = false;
    if (const int error = scan_.open(folder_)) return folder_lost(error);
    if (std::exchange(is_lost_, false)) {
        reports_.trouble(fmt::format("the watch folder {} is there again", folder_.native()));
    }
    if (news_stale_ || news_.identity() != scan_.identity()) watch_folder();
    waiting_.begin_scan(loop_.now().at);
}

void Inbox::Impl::scan_on(Instant deadline) {
    do {
        const auto name = scan_.next();
        if (!name) {
            const int error = scan_.error();
            scan_.close();
            if (error != 0) return folder_lost(error);
            waiting_.end_scan();
            scan_timer_.arm_after(scan_interval_);
            return;
        }
        if (!is_storyboard_name(*name)) continue;
        if (const auto version = version_of(path_of(*name))) waiting_.scanned(*name, *version);
    } while (loop_.now().at < deadline);
}

void Inbox::Impl::folder_lost(int error) {
    if (!std::exchange(is_lost_, true)) {
        reports_.trouble(cannot("open the watch folder", folder_, error) +
                         "; it is looked for again by itself");
    }
    waiting_.clear();
    news_watch_.reset();
    news_.close();
    news_stale_ = true;
    scan_timer_.arm_after(scan_interval_);
}

void Inbox::Impl::watch_folder() {
    news_watch_.reset();
    waiting_.forget_writers();
    const int error = news_.open(folder_);
    news_stale_ = error != 0;
    if (error == 0) {
        no_news_told_ = false;
        news_watch_ = loop_.watch_fd(news_.fd(), EPOLLIN, [this](std::uint32_t) { read_news(); });
    } else if (!std::exchange(no_news_told_, true)) {
        reports_.trouble(fmt::format("cannot get news of the watch folder {}: {}; it is only scanned now and "
                                     "then, unless fs.inotify.max_user_watches and "
                                     "fs.inotify.max_user_instances are raised",
                                     folder_.native(), std::generic_category().message(error)));
    }
}

/// One portion a turn: the watch is deaf until the turn's end, however much there is to read.
void Inbox::Impl::read_news() {
    news_.read([this](FolderWatch::Kind kind, std::string_view name) { hear(kind, name); });
    Loop::change_fd(news_watch_, 0);
    wake();
}

void Inbox::Impl::hear(FolderWatch::Kind kind, std::string_view name) {
    const bool of_the_folder = kind == FolderWatch::Kind::overflow || kind == FolderWatch::Kind::moved;
    if (!of_the_folder && !is_storyboard_name(name)) return;
    switch (kind) {
    case FolderWatch::Kind::arrived:
        if (const auto version = version_of(path_of(name))) {
            waiting_.arrived(name, *version, loop_.now().at);
        } else {
            waiting_.left(name);
        }
        break;
    case FolderWatch::Kind::modified: waiting_.modified(name, loop_.now().at); break;
    case FolderWatch::Kind::left: waiting_.left(name); break;
    case FolderWatch::Kind::overflow:
        waiting_.forget_writers();
        scan_wanted_ = true;
        break;
    case FolderWatch::Kind::moved: // To watch anew is to forget the writers, too.
        news_stale_ = true;
        scan_wanted_ = true;
        break;
    }
}

void Inbox::Impl::look_at_quiet(Instant deadline) {
    for (Instant now = loop_.now().at; now < deadline; now = loop_.now().at) {
        const auto name = waiting_.quiet_over(now);
        if (!name) return;
        waiting_.looked(*name, version_of(path_of(*name)), now);
    }
}

void Inbox::Impl::offer_next() {
    const WaitingFiles::Ready ready = waiting_.offer_first();
    const std::filesystem::path path = path_of(ready.name);
    claims_.erase(ready.name);
    Fd fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!fd) {
        const int error = errno;
        if (error == ENOENT || error == ELOOP) return waiting_.gone(ready.name);
        waiting_.stays(ready.name, ready.version, loop_.now().at);
        return tell_once(ready.name, cannot("read", path, error));
    }
    const auto version = version_of(fd.get());
    if (!version) return waiting_.gone(ready.name); // A FIFO or a folder took the name.
    if (*version != ready.version) return waiting_.stays(ready.name, *version, loop_.now().at);
    if (!claim(fd.get())) {
        waiting_.stays(ready.name, ready.version, loop_.now().at);
        return tell_once(ready.name,
                         fmt::format("{} is locked by another program, such as a second reeld that watches "
                                     "this folder: it is left alone as long as that lasts",
                                     path.native()));
    }
    // Whoever had claimed it before may have taken it away since it was opened here.
    if (version_of(path) != ready.version) return waiting_.gone(ready.name);
    offered_fd_ = std::move(fd);
    offered_ = {.fd = offered_fd_.get(),
                .file_name = ready.name,
                .identity = identity_of(*version, path),
                .changed_at = changed_at(*version)};
    const Offer offer = offered_; // The answer may come within the call and end ours.
    reports_.ready(offer);
}

Inbox::Impl::Ended Inbox::Impl::end_offer() {
    assert(offered_fd_);
    wake();
    return {.offer = std::exchange(offered_, {}), .file = std::exchange(offered_fd_, Fd{})};
}

/// The file, or the newer one that took its place, waits for its turn.
void Inbox::Impl::keep(const Offer& offer) {
    if (const auto version = version_of(std::filesystem::path{offer.identity.path})) {
        waiting_.stays(offer.file_name, *version, loop_.now().at);
    } else {
        waiting_.gone(offer.file_name);
    }
}

void Inbox::Impl::keep_claim(const std::string& name, Fd file) {
    if (claims_.size() < kClaimsMax) claims_[name] = std::move(file);
}

void Inbox::Impl::tell_once(const std::string& name, const std::string& trouble) {
    if (waiting_.is_news(name, trouble)) reports_.trouble(trouble);
}

Inbox::Inbox(Loop& loop, Options options, Reports reports)
    : impl_(std::make_unique<Impl>(loop, std::move(options), std::move(reports))) {}

Inbox::~Inbox() = default;

bool Inbox::watching() const {
    return !impl_->is_lost_;
}

bool Inbox::offer_stands() const {
    const auto& identity = impl_->offered_.identity;
    const auto version = version_of(std::filesystem::path{identity.path});
    return version && has_bytes_of(*version, identity);
}

void Inbox::taken() {
    auto [offer, file] = impl_->end_offer();
    const Cleared cleared = remove_unless_changed(offer.identity);
    std::string trouble = cleared.error;
    switch (cleared.outcome) {
    case Cleared::Outcome::away: impl_->waiting_.gone(offer.file_name); break;
    case Cleared::Outcome::changed: impl_->keep(offer); break;
    case Cleared::Outcome::stuck:
        if (const auto version = version_of(std::filesystem::path{offer.identity.path})) {
            impl_->waiting_.dismiss(offer.file_name, *version);
        }
        impl_->keep_claim(offer.file_name, std::move(file));
        trouble += "; it was accepted, so remove it by hand";
        break;
    }
    if (!trouble.empty()) impl_->reports_.trouble(trouble);
}

void Inbox::rejected(const std::string& report) {
    const auto [offer, file] = impl_->end_offer();
    const Cleared cleared = reject_unless_changed(offer.identity, report);
    if (cleared.outcome == Cleared::Outcome::away) {
        impl_->waiting_.gone(offer.file_name);
    } else {
        impl_->keep(offer);
    }
    if (!cleared.error.empty()) impl_->tell_once(offer.file_name, cleared.error);
}

void Inbox::put_back() {
    auto [offer, file] = impl_->end_offer();
    // Of one that is gone the claim would last for ever: no end of it will come.
    if (version_of(std::filesystem::path{offer.identity.path}))
        impl_->keep_claim(offer.file_name, std::move(file));
    impl_->keep(offer);
}

} // namespace reeld
