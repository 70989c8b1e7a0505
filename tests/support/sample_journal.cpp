#include "tests/support/sample_journal.h"

#include <array>

#include <fmt/format.h>

namespace reeld::test {

namespace {

constexpr Duration kNight = std::chrono::seconds{1'790'000'000};
constexpr std::array kModels = {"kling-v3-pro-text-to-video", "kling-o3-pro-text-to-video"};

std::uint16_t model_of(std::uint32_t index) {
    return static_cast<std::uint16_t>(index % kModels.size());
}

} // namespace

Stamp stamp_at(std::int64_t us) {
    return {.at = Instant{kNight + Duration{us}}, .wall = WallTime{kNight + Duration{us}}};
}

StoryboardShot sample_shot(std::uint32_t index) {
    return {.id = fmt::format("shot-{}", index + 1),
            .model = kModels.at(model_of(index)),
            .priority = static_cast<std::int16_t>(static_cast<int>(index % 201) - 100),
            .clip_seconds = static_cast<std::uint16_t>(5 + index % 6),
            .input =
                fmt::format(R"({{"prompt":"Gull number {} lands on a wet railing","duration":"5"}})", index),
            .note = index % 2 == 0 ? "" : "a note",
            .tags = {"harbor", fmt::format("tag-{}", index % 3)}};
}

std::vector<StoryboardShot> sample_shots(std::uint32_t first, std::uint32_t count) {
    std::vector<StoryboardShot> shots;
    for (std::uint32_t index = first; index < first + count; ++index) shots.push_back(sample_shot(index));
    return shots;
}

Event started_at(std::int64_t us) {
    return {.stamp = stamp_at(us), .fact = event::Started{}};
}

BatchRow sample_batch(const std::string& name, std::uint32_t shot_count) {
    BatchRow row;
    row.name = name;
    row.storyboard = "harbor-teaser";
    row.folder = "/srv/output/" + name;
    row.sha256 = "sha-of-" + name;
    row.shot_count = shot_count;
    row.models = {kModels.begin(), kModels.end()};
    row.source = {.path = "/srv/inbox/harbor.yaml",
                  .device = 0xFFFF'FFFF'FFFF'FFFF,
                  .inode = 0x8000'0000'0000'0001,
                  .size_bytes = 1234,
                  .modified_ns = 1'790'000'000'123'456'789};
    return row;
}

BatchFacts sample_facts(BatchKey key, const std::string& name, std::uint32_t shot_count) {
    BatchFacts facts{.key = key, .name = name, .models = {kModels.begin(), kModels.end()}, .shots = {}};
    for (std::uint32_t index = 0; index < shot_count; ++index) {
        const StoryboardShot shot = sample_shot(index);
        facts.shots.push_back(
            {.model = model_of(index), .priority = shot.priority, .clip_seconds = shot.clip_seconds});
    }
    return facts;
}

BatchKey accept_sample_batch(Journal& journal, const std::string& name, std::uint32_t shot_count,
                             Stamp stamp) {
    const BatchKey key = journal.add_batch(sample_batch(name, shot_count));
    journal.add_shots(key, 0, sample_shots(0, shot_count));
    journal.append({.stamp = stamp, .fact = event::BatchAccepted{sample_facts(key, name, shot_count)}});
    return key;
}

std::vector<Event> replayed(const Journal& journal) {
    std::vector<Event> events;
    journal.replay([&](const Event& event) { events.push_back(event); });
    return events;
}

OpenResult try_open(const Journal::Options& options) {
    try {
        const Journal journal(options);
        return {};
    } catch (const JournalError& error) {
        return {.message = error.what(), .kind = error.kind};
    }
}

} // namespace reeld::test
