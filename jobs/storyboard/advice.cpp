#include "jobs/storyboard/advice.h"

#include "jobs/storyboard/core_schema.h"
#include "jobs/text/number.h"
#include "jobs/text/utf8.h"

#include <fmt/format.h>
#include <optional>

namespace reeld {

namespace {

using Value = YamlTree::Value;

constexpr std::size_t kPromptCharactersAdvised = 2'500;

/// Longer clips than this are a mistake or a joke; the number only groups what is known of durations.
constexpr int kSecondsMax = 3'600;

std::string_view text_of(const YamlTree& tree, Value value) {
    return tree.kind(value) == YamlKind::scalar ? tree.text(value) : std::string_view{};
}

/// As it will be sent: `0x5` is `5`, and `False` is `false`.
std::string meaning_of(const YamlTree& tree, Value value) {
    std::string text{text_of(tree, value)};
    if (tree.kind(value) != YamlKind::scalar || tree.is_string(value)) return text;
    const CoreScalar plain = resolve_scalar(text);
    return plain.json.empty() ? text : plain.json;
}

std::optional<int> seconds_of(const YamlTree& tree, Value value) {
    const auto seconds = to_number<int>(meaning_of(tree, value));
    return seconds && *seconds >= 0 && *seconds <= kSecondsMax ? seconds : std::nullopt;
}

/// The sum of the durations in `multi_prompt`; std::nullopt when one of them is missing or no number.
std::optional<int> multi_prompt_seconds(const YamlTree& tree, const Parameter* multi_prompt) {
    if (multi_prompt == nullptr || tree.kind(multi_prompt->value) != YamlKind::sequence) return std::nullopt;
    int sum = 0;
    for (const Value part : tree.items(multi_prompt->value)) {
        if (tree.kind(part) != YamlKind::mapping) return std::nullopt;
        const auto duration = tree.find(part, "duration");
        const std::optional<int> seconds = duration ? seconds_of(tree, duration->value) : std::nullopt;
        if (!seconds || sum > kSecondsMax) return std::nullopt;
        sum += *seconds;
    }
    return sum;
}

/// Every text that is a prompt, with its place.
struct Prompt {
    std::size_t offset = 0;
    std::string_view text;
};

std::vector<Prompt> prompts_of(const YamlTree& tree, std::span<const Parameter> parameters) {
    std::vector<Prompt> prompts;
    if (const Parameter* prompt = find_parameter(parameters, "prompt")) {
        prompts.push_back({tree.offset(prompt->value), text_of(tree, prompt->value)});
    }
    const Parameter* parts = find_parameter(parameters, "multi_prompt");
    if (parts == nullptr || tree.kind(parts->value) != YamlKind::sequence) return prompts;
    for (const Value part : tree.items(parts->value)) {
        if (tree.kind(part) != YamlKind::mapping) continue;
        const auto prompt = tree.find(part, "prompt");
        if (prompt) prompts.push_back({tree.offset(prompt->value), text_of(tree, prompt->value)});
    }
    return prompts;
}

void advise_length(const std::vector<Prompt>& prompts, FaultList& faults) {
    for (const Prompt& prompt : prompts) {
        if (prompt.text.size() <= kPromptCharactersAdvised) continue;
        const std::size_t characters = count_characters(prompt.text);
        if (characters <= kPromptCharactersAdvised) continue;
        faults.warning(
            prompt.offset,
            fmt::format("the prompt has {} characters; beyond {} the model may ignore or refuse it",
                        characters, kPromptCharactersAdvised));
    }
}

void advise_durations(const YamlTree& tree, std::span<const Parameter> parameters, FaultList& faults) {
    const Parameter* parts = find_parameter(parameters, "multi_prompt");
    const Parameter* duration = find_parameter(parameters, "duration");
    const std::optional<int> sum = multi_prompt_seconds(tree, parts);
    const std::optional<int> whole = duration != nullptr ? seconds_of(tree, duration->value) : std::nullopt;
    if (!sum || !whole || *sum == *whole) return;
    faults.warning(tree.offset(parts->value),
                   fmt::format("the durations in multi_prompt add up to {} seconds, but duration is {}: "
                               "write \"duration: {}\" into the shot",
                               *sum, *whole, *sum));
}

void advise_voices(const YamlTree& tree, std::span<const Parameter> parameters,
                   const std::vector<Prompt>& prompts, FaultList& faults) {
    const Parameter* voices = find_parameter(parameters, "voice_ids");
    const bool is_list = voices != nullptr && tree.kind(voices->value) == YamlKind::sequence;
    const std::size_t count = is_list ? tree.items(voices->value).size() : 0;
    const Parameter* audio = find_parameter(parameters, "generate_audio");
    if (count > 0 && audio != nullptr && meaning_of(tree, audio->value) == "false") {
        faults.warning(voices->offset, "voice_ids have no effect with generate_audio: false");
    }
    for (const Prompt& prompt : prompts) {
        for (std::size_t voice = 1; voice <= 2; ++voice) {
            const std::string reference = fmt::format("<<<voice_{}>>>", voice);
            if (voice <= count || prompt.text.find(reference) == prompt.text.npos) continue;
            faults.warning(prompt.offset,
                           fmt::format("the prompt refers to {}, but voice_ids has {}", reference, count));
        }
    }
}

} // namespace

void advise(std::string_view family, const YamlTree& tree, std::span<const Parameter> parameters,
            FaultList& faults) {
    if (family != "kling-v3") return;
    const std::vector<Prompt> prompts = prompts_of(tree, parameters);
    advise_length(prompts, faults);
    advise_durations(tree, parameters, faults);
    advise_voices(tree, parameters, prompts, faults);
}

int asked_seconds(const YamlTree& tree, std::span<const Parameter> parameters) {
    if (const Parameter* duration = find_parameter(parameters, "duration")) {
        return seconds_of(tree, duration->value).value_or(0);
    }
    return multi_prompt_seconds(tree, find_parameter(parameters, "multi_prompt")).value_or(0);
}

} // namespace reeld
