/// Collects the faults of one file while it is read.
#pragma once

#include "jobs/storyboard/fault.h"
#include "jobs/storyboard/source_text.h"

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

namespace reeld {

/// The faults of one file: each once, and only so many of them.
///
/// The same words about the same place are one fault, however often they are found: content behind an alias
/// is checked wherever it is used, but it is wrong in one place.
class FaultList {
public:
    /// Keeps a reference to `source`. Beyond `faults_max` faults are counted, not kept: a file with a hundred
    /// thousand mistakes has one mistake, made a hundred thousand times.
    FaultList(const SourceText& source, std::size_t faults_max) : source_(source), faults_max_(faults_max) {}

    void error(std::size_t offset, std::string message) { add(Severity::error, offset, std::move(message)); }
    void warning(std::size_t offset, std::string message) {
        add(Severity::warning, offset, std::move(message));
    }

    /// An error about the file as a whole.
    void error_of_file(std::string message);

    [[nodiscard]] std::size_t error_count() const { return errors_; }

    /// The faults in the file's order, at the end a line about those that were not kept. Empties the list.
    [[nodiscard]] std::vector<Fault> take();

private:
    void add(Severity severity, std::size_t offset, std::string message);

    const SourceText& source_;
    std::size_t faults_max_;
    std::vector<Fault> faults_;
    std::unordered_set<std::string> known_; ///< Offset and message of the faults that are kept.
    std::size_t errors_ = 0;
    std::size_t left_out_ = 0;
};

} // namespace reeld
