#include "daemon/cli/check_file.h"

#include "daemon/app/default_name.h"
#include "daemon/cli/plan.h"
#include "daemon/reader/open_storyboard.h"

#include <memory>

namespace reeld {

namespace {

/// Shots asked of the reading process at once.
constexpr std::size_t kCheckedPerPortion = 500;

/// Reads one file to its end, on a loop of its own.
class Check {
public:
    Check(const std::string& path, const ReadLimits& limits) {
        result_.file = path;
        auto opened = open_storyboard(path, Links::follow);
        if (opened.fault) {
            result_.header.faults.push_back(*opened.fault);
            return;
        }
        reader_ = std::make_unique<StoryboardReader>(
            loop_, own_program(),
            ReadRequest{.fd = opened.fd.get(), .default_name = default_name_of(path), .limits = limits},
            [this](ReadHeader&& header) {
                result_.header = std::move(header);
                result_.header.good() ? ask() : loop_.exit(0);
            });
        loop_.run();
    }

    CheckedFile result() && { return std::move(result_); }

private:
    void ask() {
        reader_->next_shots(kCheckedPerPortion,
                            [this](std::vector<StoryboardShot>&& shots, std::optional<std::string> error) {
                                if (error) result_.header.faults.push_back({.message = *error});
                                if (error || shots.empty()) return loop_.exit(0);
                                for (auto& shot : shots) result_.shots.push_back(std::move(shot));
                                ask();
                            });
    }

    Loop loop_;
    CheckedFile result_;
    std::unique_ptr<StoryboardReader> reader_;
};

} // namespace

CheckedFile check_file(const std::string& path, const ReadLimits& limits) {
    return Check(path, limits).result();
}

} // namespace reeld
