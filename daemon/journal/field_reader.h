/// Reads the fields of one JSON object and remembers the first that is wrong, so that a decoder can name
/// all its fields in a row and ask once at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

namespace reeld {

/// Borrows the object. An absent field, and one that is null, gives its default; a field of the wrong type
/// does so, too, and is an error.
class FieldReader {
public:
    /// Where the first error is kept, shared by an object and the objects inside it. Empty: none yet.
    using FirstError = std::string;

    /// Precondition: object.IsObject().
    FieldReader(const rapidjson::Value& object, FirstError& error) : object_(&object), error_(&error) {}

    /// A field that has no default: without it, that is an error.
    void require(const char* name);

    [[nodiscard]] std::string text(const char* name);
    [[nodiscard]] std::vector<std::string> texts(const char* name);
    [[nodiscard]] bool boolean(const char* name);
    [[nodiscard]] int integer(const char* name);
    [[nodiscard]] std::optional<std::int64_t> wide_integer(const char* name);
    [[nodiscard]] std::optional<double> number(const char* name);

    /// The object inside; std::nullopt when there is none.
    [[nodiscard]] std::optional<FieldReader> object(const char* name);

    /// The objects of an array inside, in its order.
    [[nodiscard]] std::vector<FieldReader> objects(const char* name);

    /// Remembers an error of the caller's, unless there was one before.
    void fail(const std::string& error);

private:
    [[nodiscard]] const rapidjson::Value* find(const char* name) const;
    void fail_type(const char* name, const char* expected);

    const rapidjson::Value* object_;
    FirstError* error_;
};

} // namespace reeld
