/// What a model takes as input, compiled from its JSON Schema.
///
/// A schema may come from the network and is hostile until compiled: it is capped in size and depth, every
/// keyword is checked for its type, and what is not understood is left out (the check is then more lenient,
/// and the provider has the last word). Understood of draft 04: type, enum, minimum, maximum (exclusive or
/// not), minLength, maxLength, minItems, maxItems, items, properties, required, additionalProperties,
/// anyOf, oneOf, title, description, default. Left out on purpose: pattern (a hostile one costs time
/// without end) and $ref.
///
/// A validator working on finished JSON cannot say where in the YAML a value stands, nor give `5` the type
/// that the schema wants; that is why the check walks this beside the YAML instead of handing JSON to
/// RapidJSON's validator alone; that one takes the last look (`final_check.h`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// The types of JSON values, as bits.
enum JsonType : std::uint8_t {
    kJsonNull = 1,
    kJsonBoolean = 2,
    kJsonInteger = 4,
    kJsonNumber = 8, ///< Any number; a schema's "number" sets both bits.
    kJsonString = 16,
    kJsonArray = 32,
    kJsonObject = 64,
    kJsonAny = 127,
};

/// The schema of one value.
struct ValueSchema {
    struct Property;

    std::uint8_t types = kJsonAny;    ///< JsonType bits.
    std::vector<std::string> allowed; ///< `enum` as JSON texts; empty: whatever the type allows.
    std::optional<double> minimum;
    std::optional<double> maximum;
    bool minimum_is_excluded = false;
    bool maximum_is_excluded = false;
    std::optional<std::uint64_t> size_min; ///< Characters, elements: whichever the type has.
    std::optional<std::uint64_t> size_max;
    std::vector<ValueSchema> items;   ///< None: any elements. One: the schema of each.
    std::vector<Property> properties; ///< In the schema's order.
    std::vector<std::string> required;
    bool closed = false;                   ///< Only `properties` are allowed.
    std::vector<std::string> exactly_one;  ///< Empty, or properties of which exactly one is to be given.
    std::vector<ValueSchema> alternatives; ///< Empty, or schemas of which one must fit.

    std::string title;
    std::string description;
    std::string fallback; ///< `default` as JSON text; empty: none.

    [[nodiscard]] const Property* find_property(std::string_view name) const;
};

struct ValueSchema::Property {
    std::string name;
    ValueSchema schema;
};

/// What a value may be where no schema speaks of it.
inline const ValueSchema kAnything{};

struct ModelSchema {
    ValueSchema input;       ///< Always of an object.
    int typical_seconds = 0; ///< How long a prediction usually takes; 0: unknown.
    std::string advice;      ///< The family of models whose pitfalls are known (`advice.h`); empty: none.
};

struct ModelSchemaRead {
    std::optional<ModelSchema> schema;
    std::string error; ///< Why there is none: "is not JSON", "is not the schema of an object".
};

/// Compiles the text of a schema. Whatever the text is, this neither crashes nor takes long.
[[nodiscard]] ModelSchemaRead read_model_schema(std::string_view text);

/// What a value may be, in words for a person: `one of "16:9", "9:16", "1:1"`, `a number from 0 to 1`,
/// `a list of at most 2`.
[[nodiscard]] std::string describe(const ValueSchema& schema);

} // namespace reeld
