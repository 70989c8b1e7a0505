#include "tests/simulation/manifests.h"

#include "jobs/manifest/line_index.h"
#include "jobs/manifest/manifest_shot.h"
#include "jobs/manifest/manifest_text.h"

#include <fmt/format.h>

namespace reeld::test {

namespace {

std::string make_line(const Journal& journal, const Ledger& ledger, ShotRef shot) {
    const auto events = journal.events_of(shot);
    return manifest_line(
        fold_shot(ledger.batch(shot.batch).name, shot.index, journal.shot(shot).shot, events));
}

} // namespace

BatchKey Manifests::write_next(const Journal& journal, const Ledger& ledger) {
    if (!lines_wanted_.empty()) {
        const ShotRef shot = lines_wanted_.front();
        lines_wanted_.pop_front();
        const auto [line, is_new] = lines_.try_emplace(shot);
        if (is_new || ledger.shot(shot).retried) line->second = make_line(journal, ledger, shot);
        check(journal, ledger, shot, line->second);
        return 0;
    }
    const BatchKey key = documents_wanted_.front();
    documents_wanted_.pop_front();
    ++documents_[key];
    return key;
}

void Manifests::check(const Journal& journal, const Ledger& ledger, ShotRef shot, const std::string& line) {
    const auto& record = ledger.shot(shot);
    const auto events = journal.events_of(shot);
    const auto folded = fold_shot(ledger.batch(shot.batch).name, shot.index, journal.shot(shot).shot, events);
    const bool same = folded.state == record.state && folded.attempts == record.attempts &&
                      manifest_line(folded) == line && read_line_index(line).index == shot.index &&
                      (record.state == ShotState::succeeded) == !folded.rendered.urls.empty();
    if (same) return;
    throw Violation(fmt::format("shot {}.{} is {} after {} attempts, and its manifest says {}", shot.batch,
                                shot.index, to_word(record.state), record.attempts, line));
}

void Manifests::close(const Journal& journal, const Ledger& ledger) const {
    for (const auto& [key, batch] : ledger.batches()) {
        if (!documents_.contains(key)) throw Violation(fmt::format("batch {} has no document", key));
        for (std::uint32_t i = 0; i < batch.shots.size(); ++i) {
            const ShotRef shot{.batch = key, .index = i};
            const auto line = lines_.find(shot);
            if (line == lines_.end()) throw Violation(fmt::format("shot {}.{} has no line", key, i));
            check(journal, ledger, shot, line->second);
        }
    }
}

} // namespace reeld::test
