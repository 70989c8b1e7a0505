#include "tests/fuzz/storyboard_claims.h"

#include "jobs/storyboard/json_text.h"
#include "jobs/storyboard/names.h"
#include "jobs/storyboard/source_text.h"
#include "jobs/storyboard/storyboard_reader.h"
#include "jobs/text/utf8.h"
#include "tests/fuzz/claims.h"

#include <algorithm>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <set>

namespace reeld::test {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMessageBytesMax = 700;

/// YAML takes a key without "? " before it only up to 1024 characters.
constexpr std::size_t kKeyBytesMax = 1000;

StoryboardLimits low_limits() {
    StoryboardLimits limits;
    limits.bytes_max = 64 << 10;
    limits.shots_max = 40;
    limits.nesting_max = 12;
    limits.takes_max = 5;
    limits.faults_max = 20;
    limits.models_max = 3;
    limits.input_bytes_max = 2'000;
    limits.inputs_bytes_max = 20'000;
    limits.note_bytes_max = 40;
    limits.tag_bytes_max = 10;
    limits.tags_max = 3;
    return limits;
}

/// Whether a place is one of the text's: on the line, or just behind its end.
bool is_inside(Place place, std::string_view text) {
    if (place.line == 0) return place.column == 0;
    for (std::uint32_t line = 1; line < place.line; ++line) {
        const std::size_t end = text.find('\n');
        if (end == text.npos) return false;
        text.remove_prefix(end + 1);
    }
    const std::size_t characters = count_characters(text.substr(0, text.find('\n')));
    return place.column >= 1 && place.column <= characters + 1;
}

void check_fault(const Fault& fault, std::string_view text, Claims& claims) {
    claims.check(is_one_line(fault.message), "a fault has a message of one line", fault.message);
    claims.check(fault.message.size() <= kMessageBytesMax, "a message is short", fault.message);
    claims.check(is_inside(fault.place, text), "a fault has a place inside the text", fault.message);
    claims.check(!first_invalid_utf8(fault.excerpt), "an excerpt is UTF-8", fault.message);
    claims.check(fault.excerpt.find('\n') == std::string::npos, "an excerpt is one line", fault.message);
    claims.check(fault.caret <= count_characters(fault.excerpt), "a caret stands under its excerpt",
                 fault.message);

    const std::string rendered = render_fault("file.yaml", fault);
    std::string_view lines = rendered;
    const bool has_excerpt = !fault.excerpt.empty();
    for (int line = 0; line < (has_excerpt ? 3 : 1); ++line) {
        claims.check(is_one_line(take_line(lines)), "what is shown is fit for a terminal", rendered);
    }
    claims.check(lines.empty(), "what is shown ends with the caret", rendered);
}

void check_faults(const StoryboardRead& read, std::string_view text, const StoryboardLimits& limits,
                  Claims& claims) {
    claims.check(read.good() != any_error(read.faults), "a text makes shots, or errors, and never both");
    // One more says how many were left out.
    claims.check(read.faults.size() <= limits.faults_max + 1, "faults are counted beyond their limit");
    for (const Fault& fault : read.faults) check_fault(fault, text, claims);
    const bool sorted =
        std::is_sorted(read.faults.begin(), read.faults.end(),
                       [](const Fault& a, const Fault& b) { return a.place < b.place && a.place.line > 0; });
    claims.check(sorted, "faults come in the file's order");
}

/// Whether a value holds the same key twice, which JSON readers settle each in its way.
bool has_duplicate_keys(const rapidjson::Value& value) {
    if (value.IsArray()) {
        return std::any_of(value.Begin(), value.End(),
                           [](const auto& item) { return has_duplicate_keys(item); });
    }
    if (!value.IsObject()) return false;
    std::set<std::string_view> names;
    for (const auto& entry : value.GetObject()) {
        if (!names.emplace(entry.name.GetString(), entry.name.GetStringLength()).second) return true;
        if (has_duplicate_keys(entry.value)) return true;
    }
    return false;
}

void check_input(const std::string& input, const StoryboardLimits& limits, Claims& claims) {
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    rapidjson::Document document;
    document.Parse<kFlags>(input.data(), input.size());
    claims.check(!document.HasParseError() && document.IsObject(), "an input is a JSON object", input);
    claims.check(input.size() <= limits.input_bytes_max, "an input keeps its limit", input);
    if (claims.broken().empty()) claims.check(!has_duplicate_keys(document), "no key stands twice", input);
}

void check_shots(const StoryboardRead& read, const StoryboardLimits& limits, Claims& claims) {
    const Storyboard& storyboard = read.storyboard;
    claims.check(is_name(storyboard.name), "a storyboard has a name", storyboard.name);
    claims.check(storyboard.shots.size() <= limits.shots_max, "shots are within their limit");
    claims.check(read.models.size() <= limits.models_max, "models are within their limit");
    std::set<std::string_view> ids;
    std::set<std::string_view> models;
    for (const StoryboardShot& shot : storyboard.shots) {
        claims.check(is_name(shot.id), "an id is a name", shot.id);
        claims.check(ids.insert(shot.id).second, "an id is used once", shot.id);
        claims.check(is_slug(shot.model), "a model is a slug", shot.model);
        claims.check(shot.priority >= -100 && shot.priority <= 100, "a priority is within its range");
        claims.check(shot.note.size() <= limits.note_bytes_max, "a note keeps its limit", shot.note);
        claims.check(!first_invalid_utf8(shot.note), "a note is UTF-8", shot.note);
        claims.check(shot.tags.size() <= limits.tags_max, "tags are within their limit");
        check_input(shot.input, limits, claims);
        models.insert(shot.model);
    }
    claims.check(models == std::set<std::string_view>(read.models.begin(), read.models.end()),
                 "the models are those of the shots");
}

bool are_equal(const StoryboardRead& a, const StoryboardRead& b) {
    return a.storyboard == b.storyboard && a.models == b.models && a.unknown_models == b.unknown_models &&
           a.faults == b.faults;
}

/// JSON allows these characters in strings; YAML does not, and escaped they are the same.
std::string without_controls(std::string_view json) {
    std::string out;
    for (std::size_t at = 0; at < json.size();) {
        const auto [code, bytes] = character_at(json, at);
        const bool escaped = (code >= 0x7F && code < 0xA0) || code == 0xFFFE || code == 0xFFFF;
        out += escaped ? fmt::format("\\u{:04x}", static_cast<unsigned>(code))
                       : std::string(json.substr(at, bytes));
        at += bytes;
    }
    return out;
}

std::string as_json(const Storyboard& storyboard) {
    std::string out = fmt::format("{{\"storyboard\": \"{}\", \"shots\": [", storyboard.name);
    for (const StoryboardShot& shot : storyboard.shots) {
        if (&shot != &storyboard.shots.front()) out += ",\n";
        out += fmt::format("{{\"id\": \"{}\", \"model\": \"{}\", \"priority\": {}, \"note\": ", shot.id,
                           shot.model, shot.priority);
        append_json_string(out, shot.note);
        out += ", \"tags\": [";
        for (const std::string& tag : shot.tags) {
            if (&tag != &shot.tags.front()) out += ", ";
            append_json_string(out, tag);
        }
        out += fmt::format("], \"input\": {}}}", shot.input);
    }
    return without_controls(out + "]}\n");
}

std::string with_windows_line_ends(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n' && (at == 0 || text[at - 1] != '\r')) out += '\r';
        out += text[at];
    }
    return out;
}

/// Whether an input has a key that YAML takes only behind "? ", since it is longer than a key of one line may
/// be.
bool has_long_key(const rapidjson::Value& value) {
    if (value.IsArray()) return std::any_of(value.Begin(), value.End(), has_long_key);
    if (!value.IsObject()) return false;
    return std::any_of(value.MemberBegin(), value.MemberEnd(), [](const auto& entry) {
        return entry.name.GetStringLength() > kKeyBytesMax || has_long_key(entry.value);
    });
}

bool can_be_json(const Storyboard& storyboard) {
    return std::none_of(storyboard.shots.begin(), storyboard.shots.end(), [](const StoryboardShot& shot) {
        rapidjson::Document input;
        input.Parse(shot.input.data(), shot.input.size());
        return has_long_key(input);
    });
}

/// What an accepted text says in other words is accepted, and means the same.
void check_other_words(std::string_view text, const StoryboardRead& read, const Catalog& catalog,
                       Claims& claims) {
    const StoryboardLimits high;
    claims.check(are_equal(read_storyboard(text, "fuzz", catalog, high), read),
                 "higher limits change nothing that was accepted");
    const StoryboardRead windows = read_storyboard(with_windows_line_ends(text), "fuzz", catalog, high);
    claims.check(windows.storyboard == read.storyboard, "the line ends of Windows change nothing");
    if (!can_be_json(read.storyboard)) return;
    const std::string json = as_json(read.storyboard);
    const StoryboardRead again = read_storyboard(json, "fuzz", catalog, high);
    claims.check(again.storyboard.shots == read.storyboard.shots, "what was accepted is accepted again",
                 json);
}

} // namespace

std::string broken_storyboard_claim(std::string_view text, const Catalog& catalog) {
    const StoryboardLimits limits = low_limits();
    const StoryboardRead read = read_storyboard(text, "fuzz", catalog, limits);
    Claims claims;
    const std::string_view marked =
        text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
    check_faults(read, marked, limits, claims);
    claims.check(are_equal(read_storyboard(text, "fuzz", catalog, limits), read), "two readings are equal");
    if (marked.size() == text.size()) {
        const std::string with_mark = std::string(kByteOrderMark) + std::string(text);
        claims.check(are_equal(read_storyboard(with_mark, "fuzz", catalog, limits), read),
                     "a byte order mark changes nothing");
    }
    if (read.good()) check_shots(read, limits, claims);
    if (read.good() && claims.broken().empty()) check_other_words(text, read, catalog, claims);
    return claims.broken();
}

std::string broken_storyboard_claim(std::string_view text) {
    static const Catalog catalog;
    return broken_storyboard_claim(text, catalog);
}

} // namespace reeld::test
