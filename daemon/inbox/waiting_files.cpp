#include "daemon/inbox/waiting_files.h"

#include <cassert>
#include <utility>

namespace reeld {

WaitingFiles::Files::iterator WaitingFiles::find_or_add(std::string_view name) {
    auto file = files_.find(name);
    if (file == files_.end() && files_.size() < files_max_) {
        file = files_.emplace(std::string{name}, File{}).first;
    }
    if (file != files_.end()) file->second.scan = scan_;
    return file;
}

void WaitingFiles::arrived(std::string_view name, const FileVersion& version, Instant now) {
    const auto file = find_or_add(name);
    if (file == files_.end()) return;
    file->second.written_at.reset();
    if (file->second.state == State::offered) {
        file->second.arrived_again = true;
    } else {
        wait_quietly(file, version, now);
    }
}

void WaitingFiles::modified(std::string_view name, Instant now) {
    const auto file = find_or_add(name);
    if (file == files_.end()) return;
    file->second.written_at = now;
    if (file->second.state == State::ready) settle(file, file->second.version);
}

void WaitingFiles::left(std::string_view name) {
    const auto file = files_.find(name);
    if (file != files_.end()) file->second.written_at.reset();
}

void WaitingFiles::forget_writers() {
    for (auto& [name, file] : files_) file.written_at.reset();
}

void WaitingFiles::begin_scan(Instant now) {
    ++scan_;
    scan_at_ = now;
}

void WaitingFiles::scanned(std::string_view name, const FileVersion& version) {
    const bool is_new = !files_.contains(name);
    const auto file = find_or_add(name);
    if (file == files_.end()) return;
    const bool is_same = !is_new && file->second.version == version;
    switch (file->second.state) {
    case State::settling:
        if (is_same) {
            make_ready(file, version, scan_at_);
        } else {
            settle(file, version);
        }
        break;
    case State::dismissed:
        if (!is_same) settle(file, version);
        break;
    case State::quiet:
    case State::ready:
    case State::offered: break; // Looked at again before it is read.
    }
}

void WaitingFiles::end_scan() {
    std::erase_if(files_, [this](const auto& file) {
        const bool is_gone = file.second.scan != scan_ && file.second.state != State::offered;
        if (is_gone) ready_.erase(file.first);
        return is_gone;
    });
}

std::optional<std::string> WaitingFiles::quiet_over(Instant now) {
    while (!quiet_.empty() && quiet_.front().first <= now) {
        std::string name = std::move(quiet_.front().second);
        quiet_.pop_front();
        const auto file = files_.find(name);
        if (file == files_.end() || file->second.state != State::quiet) continue;
        if (file->second.quiet_until <= now) return name;
        // It arrived again meanwhile.
        quiet_.emplace_back(file->second.quiet_until, std::move(name));
    }
    return std::nullopt;
}

void WaitingFiles::looked(const std::string& name, const std::optional<FileVersion>& version, Instant now) {
    const auto file = files_.find(name);
    if (file == files_.end()) return;
    file->second.state = State::settling; // Its turn in quiet_ is over.
    if (!version) {
        files_.erase(file);
    } else if (file->second.version == *version) {
        make_ready(file, *version, now);
    } else {
        wait_quietly(file, *version, now);
    }
}

Instant WaitingFiles::next_quiet_over() const {
    return quiet_.empty() ? Instant::max() : quiet_.front().first;
}

WaitingFiles::Ready WaitingFiles::offer_first() {
    assert(has_ready());
    const auto file = files_.find(*ready_.begin());
    ready_.erase(ready_.begin());
    file->second.state = State::offered;
    file->second.arrived_again = false;
    return {.name = file->first, .version = file->second.version};
}

void WaitingFiles::gone(const std::string& name) {
    ready_.erase(name);
    files_.erase(name);
}

void WaitingFiles::stays(const std::string& name, const FileVersion& version, Instant now) {
    const auto file = find_or_add(name);
    if (file == files_.end()) return;
    if (file->second.arrived_again) {
        wait_quietly(file, version, now);
    } else {
        settle(file, version);
    }
}

void WaitingFiles::dismiss(const std::string& name, const FileVersion& version) {
    const auto file = find_or_add(name);
    if (file == files_.end()) return;
    settle(file, version);
    file->second.state = State::dismissed;
}

bool WaitingFiles::is_news(const std::string& name, const std::string& trouble) {
    const auto file = files_.find(name);
    return file == files_.end() || std::exchange(file->second.told, trouble) != trouble;
}

void WaitingFiles::clear() {
    std::erase_if(files_, [](const auto& file) { return file.second.state != State::offered; });
    ready_.clear();
    quiet_.clear();
}

void WaitingFiles::wait_quietly(Files::iterator file, const FileVersion& version, Instant now) {
    const bool is_queued = file->second.state == State::quiet;
    settle(file, version);
    file->second.state = State::quiet;
    file->second.quiet_until = now + quiet_time_;
    if (!is_queued) quiet_.emplace_back(file->second.quiet_until, file->first);
}

void WaitingFiles::make_ready(Files::iterator file, const FileVersion& version, Instant now) {
    settle(file, version);
    const auto written_at = file->second.written_at;
    if (written_at && now < *written_at + kWriterPauseMax) return;
    file->second.state = State::ready;
    ready_.insert(file->first);
}

void WaitingFiles::settle(Files::iterator file, const FileVersion& version) {
    ready_.erase(file->first);
    file->second.state = State::settling;
    if (file->second.version != version) file->second.told.clear();
    file->second.version = version;
}

} // namespace reeld
