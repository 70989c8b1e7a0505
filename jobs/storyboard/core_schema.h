/// The core schema of YAML 1.2: which type an unquoted scalar has.
///
/// `true`, `True` and `TRUE` are booleans, and nothing else is: `yes`, `no`, `on`, `off` are strings.
/// Integers are decimal, `0o17` or `0xff`; a leading zero does not make an octal number. Sexagesimal
/// numbers, `_` in numbers and dates are strings. Source: the YAML 1.2.2 specification, section 10.3.2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reeld {

enum class CoreType : std::uint8_t { null, boolean, integer, real, string };

struct CoreScalar {
    CoreType type = CoreType::string;
    /// The value as JSON, in one form per value: `0x1F`, `+31` and `031` are all `31`. Empty for strings,
    /// and for numbers that JSON cannot hold; `refusal` then says why.
    std::string json;
    std::string refusal;
};

/// The type and value of an unquoted scalar. Integers are those of 64 bits, signed or unsigned; reals those
/// of a double.
[[nodiscard]] CoreScalar resolve_scalar(std::string_view text);

/// A scalar as messages quote it: a string in double quotes, anything else bare; both made visible, and cut
/// when they are long. `is_string`: it was quoted in the file, or has a tag that makes it a string.
[[nodiscard]] std::string shown_scalar(std::string_view text, bool is_string);

} // namespace reeld
