#include "jobs/storyboard/fault_list.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld {

namespace {

/// Messages quote names out of files and schemas; one is a line, not a page.
constexpr std::size_t kMessageBytesMax = 600;

std::string shortened(std::string message) {
    if (message.size() <= kMessageBytesMax) return message;
    std::size_t end = kMessageBytesMax;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
    message.resize(end);
    return message + "…";
}

} // namespace

void FaultList::error_of_file(std::string message) {
    ++errors_;
    faults_.push_back(
        {.severity = Severity::error, .place = {}, .message = std::move(message), .excerpt = {}});
}

void FaultList::add(Severity severity, std::size_t offset, std::string message) {
    if (faults_.size() >= faults_max_) {
        if (severity == Severity::error) ++errors_;
        ++left_out_;
        return;
    }
    message = shortened(std::move(message));
    if (!known_.insert(fmt::format("{}:{}", offset, message)).second) return;
    if (severity == Severity::error) ++errors_;
    faults_.push_back(source_.fault_at(offset, severity, std::move(message)));
}

std::vector<Fault> FaultList::take() {
    std::stable_sort(faults_.begin(), faults_.end(),
                     [](const Fault& a, const Fault& b) { return a.place < b.place; });
    if (left_out_ > 0) {
        faults_.push_back({.severity = errors_ > 0 ? Severity::error : Severity::warning,
                           .place = {},
                           .message = fmt::format("and {} more; mend these first", left_out_),
                           .excerpt = {}});
    }
    known_.clear();
    return std::move(faults_);
}

} // namespace reeld
