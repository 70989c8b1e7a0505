#include "jobs/storyboard/value_writer.h"

#include "jobs/storyboard/core_schema.h"
#include "jobs/storyboard/json_text.h"
#include "jobs/storyboard/nearest_name.h"
#include "jobs/storyboard/public_url.h"
#include "jobs/text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace reeld {

namespace {

std::uint8_t bit_of(CoreType type) {
    switch (type) {
    case CoreType::null: return kJsonNull;
    case CoreType::boolean: return kJsonBoolean;
    case CoreType::integer: return kJsonInteger;
    case CoreType::real: return kJsonNumber;
    case CoreType::string: break;
    }
    return kJsonString;
}

bool in_range(std::string_view json, const ValueSchema& schema) {
    if (!schema.minimum && !schema.maximum) return true;
    double number = 0;
    std::from_chars(json.data(), json.data() + json.size(), number);
    const bool high_enough = !schema.minimum || number > *schema.minimum ||
                             (number == *schema.minimum && !schema.minimum_is_excluded);
    const bool low_enough = !schema.maximum || number < *schema.maximum ||
                            (number == *schema.maximum && !schema.maximum_is_excluded);
    return high_enough && low_enough;
}

bool size_fits(std::size_t size, const ValueSchema& schema) {
    return size >= schema.size_min.value_or(0) && (!schema.size_max || size <= *schema.size_max);
}

} // namespace

std::string ValueName::in_words() const {
    const std::string own = key.empty() ? fmt::format("entry {}", index + 1) : make_visible(key);
    return of == nullptr ? own : fmt::format("{} of {}", own, of->in_words());
}

bool ValueName::is_url() const {
    if (key.empty()) return of != nullptr && of->key.ends_with("_urls");
    return key.ends_with("_url");
}

std::string ValueWriter::shown(YamlTree::Value value) const {
    switch (tree_.kind(value)) {
    case YamlKind::null: return "nothing";
    case YamlKind::sequence: return fmt::format("a list of {}", tree_.items(value).size());
    case YamlKind::mapping: return "a mapping";
    case YamlKind::scalar: break;
    }
    return shown_scalar(tree_.text(value), tree_.is_string(value));
}

std::string_view ValueWriter::remedy(YamlTree::Value value, const ValueSchema& schema) const {
    if (tree_.kind(value) != YamlKind::scalar) return {};
    const std::string_view text = tree_.text(value);
    const std::uint8_t plain_bit = bit_of(resolve_scalar(text).type);
    if (tree_.is_string(value) && (schema.types & kJsonString) == 0 && (schema.types & plain_bit) != 0) {
        return ": remove the quotes";
    }
    if ((schema.types & kJsonBoolean) == 0 || (schema.types & kJsonString) != 0) return {};
    constexpr auto kOldBooleans = std::to_array<std::string_view>({"yes", "no", "on", "off", "y", "n"});
    const bool old = std::any_of(kOldBooleans.begin(), kOldBooleans.end(),
                                 [text](std::string_view word) { return edit_distance(word, text) == 0; });
    return old ? ", which is a text in YAML 1.2" : "";
}

bool ValueWriter::misfit(YamlTree::Value value, const ValueSchema& schema, const ValueName& name) {
    faults_.error(tree_.offset(value), fmt::format("{} must be {}; got {}{}", name.in_words(),
                                                   describe(schema), shown(value), remedy(value, schema)));
    return false;
}

bool ValueWriter::write(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                        std::string& out) {
    if (!schema.alternatives.empty()) return write_alternative(value, schema, name, out);
    switch (tree_.kind(value)) {
    case YamlKind::sequence: return write_sequence(value, schema, name, out);
    case YamlKind::mapping: return write_mapping(value, schema, name, out);
    case YamlKind::scalar: return write_scalar(value, schema, name, out);
    case YamlKind::null: break;
    }
    out += "null";
    return (schema.types & kJsonNull) != 0 || misfit(value, schema, name);
}

/// The first form that fits gives the types.
bool ValueWriter::write_alternative(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                                    std::string& out) {
    for (const ValueSchema& form : schema.alternatives) {
        FaultList unreported(source_, 1);
        std::string attempt;
        if (ValueWriter(source_, tree_, unreported).write(value, form, name, attempt)) {
            out += attempt;
            return true;
        }
    }
    return misfit(value, schema, name);
}

bool ValueWriter::write_scalar(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                               std::string& out) {
    const std::string_view text = tree_.text(value);
    const std::size_t start = out.size();
    CoreScalar plain;
    if (!tree_.is_string(value)) plain = resolve_scalar(text);

    const bool keeps_type = plain.type != CoreType::string && (schema.types & bit_of(plain.type)) != 0;
    if (keeps_type && !plain.refusal.empty()) {
        faults_.error(tree_.offset(value),
                      fmt::format("{}: {} {}", name.in_words(), quote(text), plain.refusal));
        return false;
    }
    if (keeps_type) {
        out += plain.json;
    } else if ((schema.types & kJsonString) != 0) {
        append_json_string(out, text);
    } else {
        return misfit(value, schema, name);
    }
    return check_scalar(value, schema, name, std::string_view(out).substr(start));
}

bool ValueWriter::check_scalar(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                               std::string_view json) {
    const auto& allowed = schema.allowed;
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), json) == allowed.end()) {
        return misfit(value, schema, name);
    }
    const bool is_string = json.starts_with('"');
    const bool is_number = !is_string && json != "true" && json != "false" && json != "null";
    if (is_number && !in_range(json, schema)) return misfit(value, schema, name);
    if (!is_string) return true;

    const std::string_view text = tree_.text(value);
    const bool sized = schema.size_min || schema.size_max;
    if (sized && !size_fits(count_characters(text), schema)) return misfit(value, schema, name);
    if (!name.is_url()) return true;
    const std::string why = why_not_public_url(text);
    if (why.empty()) return true;
    faults_.error(tree_.offset(value),
                  fmt::format("{} must be a public https address; {} {}", name.in_words(), quote(text), why));
    return false;
}

bool ValueWriter::write_sequence(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                                 std::string& out) {
    const auto items = tree_.items(value);
    const bool is_list = (schema.types & kJsonArray) != 0 && schema.allowed.empty();
    if (!is_list || !size_fits(items.size(), schema)) return misfit(value, schema, name);
    const ValueSchema& item_schema = schema.items.empty() ? kAnything : schema.items.front();
    bool fits = true;
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ',';
        const ValueName item_name{.of = &name, .key = {}, .index = i};
        fits = write(items[i], item_schema, item_name, out) && fits;
    }
    out += ']';
    return fits;
}

bool ValueWriter::write_mapping(YamlTree::Value value, const ValueSchema& schema, const ValueName& name,
                                std::string& out) {
    if ((schema.types & kJsonObject) == 0 || !schema.allowed.empty()) return misfit(value, schema, name);
    bool fits = true;
    for (const std::string& required : schema.required) {
        if (tree_.find(value, required)) continue;
        faults_.error(tree_.offset(value), fmt::format("{} lacks {}", name.in_words(), quote(required)));
        fits = false;
    }
    out += '{';
    for (std::size_t i = 0; i < tree_.entry_count(value); ++i) {
        if (i > 0) out += ',';
        fits = write_entry(tree_.entry(value, i), schema, name, out) && fits;
    }
    out += '}';
    return fits;
}

bool ValueWriter::write_entry(YamlTree::Entry entry, const ValueSchema& schema, const ValueName& name,
                              std::string& out) {
    const std::string_view key = tree_.text(entry.key);
    const ValueSchema::Property* property = schema.find_property(key);
    if (property == nullptr && schema.closed) {
        std::vector<std::string_view> names;
        for (const auto& known : schema.properties) names.push_back(known.name);
        faults_.error(tree_.offset(entry.key),
                      fmt::format("{} has no {}{}", name.in_words(), quote(key), did_you_mean(key, names)));
        return false;
    }
    append_json_string(out, key);
    out += ':';
    const ValueName entry_name{.of = &name, .key = key, .index = 0};
    return write(entry.value, property == nullptr ? kAnything : property->schema, entry_name, out);
}

} // namespace reeld
