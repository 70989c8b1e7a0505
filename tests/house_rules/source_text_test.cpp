#include "tests/house_rules/source_text.h"

#include <doctest/doctest.h>

namespace reeld::test {

TEST_CASE("comments are told from code, also behind code and over several lines") {
    const SourceText parts = take_apart("int a; // one\n/* two\nthree */ int b;\n");
    CHECK(parts.code == "int a;       \n      \n         int b;\n");
    CHECK(parts.comments == "       // one\n/* two\nthree */       \n");
}

TEST_CASE("what stands between quotes is neither code nor comment") {
    CHECK(take_apart(R"(f("// {\" ", 'x', '\'');)").code == R"(f("       ", ' ', '  ');)");
    CHECK(take_apart("auto s = R\"x(a \" // )x\";").code == "auto s = R            \";");
    CHECK(take_apart("auto s = \"/*\"; int b; // */").code == "auto s = \"  \"; int b;      ");
}

TEST_CASE("the quote that separates digits opens no literal") {
    CHECK(take_apart("int a = 1'000; char c = '{';").code == "int a = 1'000; char c = ' ';");
}

TEST_CASE("preprocessor lines are a part of their own and keep their paths") {
    const SourceText parts = take_apart("#include \"jobs/a.h\" // why\n  #define F(x) { \\\n  x\nint a;\n");
    CHECK(parts.code == "                          \n                  \n   \nint a;\n");
    CHECK(parts.directives == "#include \"jobs/a.h\"       \n  #define F(x) { \\\n  x\n      \n");
}

TEST_CASE("a text that breaks off inside a comment or a literal ends the part") {
    CHECK(take_apart("/* a").comments == "/* a");
    CHECK(take_apart("\"a").code == "\"a");
    CHECK(take_apart("R\"x(a").code == "R   a");
    CHECK(take_apart("").code.empty());
}

TEST_CASE("words are whole names, with the place where they stand") {
    const std::string code = "std::rand_ (x2)";
    const std::vector<Word> words = words_of(code);
    REQUIRE(words.size() == 3);
    CHECK(words[1].text == "rand_");
    CHECK(words[1].position == 5);
    CHECK(next_visible(code, 10) == '(');
    CHECK(previous_visible(code, 11) == '_');
    CHECK(next_visible(code, code.size()) == '\0');
    CHECK(previous_visible(code, 0) == '\0');
}

TEST_CASE("lines are counted from one, and a last line without a break is a line") {
    CHECK(line_at("a\nb\nc", 0) == 1);
    CHECK(line_at("a\nb\nc", 4) == 3);
    CHECK(lines_of("a\n\nc").size() == 3);
    CHECK(lines_of("a\n\nc\n").size() == 3);
}

} // namespace reeld::test
