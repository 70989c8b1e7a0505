#include "tests/house_rules/functions.h"

#include "tests/house_rules/source_text.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// The lengths of the functions of a sample, in its order.
std::vector<std::size_t> lengths(std::string_view sample) {
    const std::string code = take_apart(sample).code;
    std::vector<std::size_t> result;
    for (const FunctionSpan& span : function_spans(code)) result.push_back(span.lines());
    return result;
}

using Lengths = std::vector<std::size_t>;

} // namespace

TEST_CASE("a function is measured from its head to its closing brace") {
    CHECK(lengths("namespace a {\n\nint f(int a,\n      int b) {\n    return a;\n}\n\n}\n") == Lengths{4});
    CHECK(lengths("template <class T>\nT f(T t = {}) {\n    return t;\n}\n") == Lengths{4});
    CHECK(lengths("// A comment\n// of two lines.\nvoid f() {\n}\n") == Lengths{2});
    CHECK(lengths("TEST_CASE(\"a name with { in it\") {\n    CHECK(1);\n}\n") == Lengths{3});
}

TEST_CASE("what is nested in a function counts for the function") {
    CHECK(
        lengths(
            "void f() {\n    auto g = [](int a) {\n        if (a) {\n        }\n    };\n}\nint g() {\n}\n") ==
        Lengths{6, 2});
}

TEST_CASE("members are functions, and the type around them is none") {
    CHECK(lengths("class A : public B<C> {\npublic:\n    A() : a_{1}, b_(2) {\n    }\n"
                  "    int f() const { return a_; }\n    struct Impl;\nprivate:\n    int a_ = {};\n};\n") ==
          Lengths{2, 1});
    CHECK(lengths("A::A(int a)\n    : a_{a},\n      b_{a} {\n    f();\n}\n") == Lengths{5});
    CHECK(lengths("bool operator==(A a, A b) {\n    return true;\n}\n") == Lengths{3});
}

TEST_CASE("tables, enumerations and namespaces are no functions") {
    CHECK(lengths("constexpr std::array<int, size(3)> kTable = {\n    1,\n    2,\n};\n").empty());
    CHECK(lengths("const Table kTable{\n    f(1),\n    f(2)};\n").empty());
    CHECK(lengths("enum class A : std::uint8_t {\n    a,\n};\nextern \"C\" {\nint f();\n}\n").empty());
    CHECK(lengths("template <class T>\nstruct A<T(int)> {\n    int a;\n};\n").empty());
}

TEST_CASE("a lambda that has a name of its own is a function") {
    CHECK(lengths("const auto kVisit = [](int a) {\n    return a;\n};\n") == Lengths{3});
}

TEST_CASE("a function is named by the first line of its head") {
    const std::string code = take_apart("static int f(int a,\n             int b) {\n}\n").code;
    const std::vector<FunctionSpan> spans = function_spans(code);
    REQUIRE(spans.size() == 1);
    CHECK(spans[0].head == "static int f(int a,");
    CHECK(spans[0].first_line == 1);
    CHECK(spans[0].last_line == 3);
}

} // namespace reeld::test
