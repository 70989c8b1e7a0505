// Each rule on samples that keep it and samples that break it: a rule that cannot fail is none.

#include "tests/house_rules/rules.h"

#include <doctest/doctest.h>

namespace reeld::test {

namespace {

/// So many faults does `rule` find in `text`, were it the file `path`.
std::size_t count(Faults (*rule)(const SourceFile&), std::string path, std::string text) {
    return rule({.path = std::move(path), .text = std::move(text)}).size();
}

std::string repeat(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

} // namespace

TEST_CASE("a function of 60 lines passes and one of 61 does not") {
    CHECK(count(long_functions, "a.cpp", "void f() {\n" + repeat("g();\n", 58) + "}\n") == 0);
    CHECK(count(long_functions, "a.cpp", "void f() {\n" + repeat("g();\n", 59) + "}\n") == 1);
}

TEST_CASE("a file of 400 lines passes and one of 401 does not") {
    CHECK(count(long_files, "a.cpp", repeat("int a;\n", 400)) == 0);
    CHECK(count(long_files, "a.cpp", repeat("int a;\n", 401)) == 1);
}

TEST_CASE("a line has 110 characters at most, whatever their bytes") {
    CHECK(count(long_lines, "a.cpp", repeat("é", 110) + "\n") == 0);
    CHECK(count(long_lines, "a.cpp", "\n" + repeat("e", 111)) == 1);
}

TEST_CASE("a fault names the file, the line and what is wrong") {
    const Faults faults = long_lines({.path = "jobs/a.h", .text = "\n" + repeat("e", 111)});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0] == "jobs/a.h:2: 111 characters, 110 at most");
}

TEST_CASE("a header begins with its purpose and is guarded by a pragma") {
    CHECK(count(headers_without_purpose, "a.h", "/// Why.\n#pragma once\n\n#include <array>\n") == 0);
    CHECK(count(headers_without_purpose, "a.h", "#pragma once\n") == 1);
    CHECK(count(headers_without_purpose, "a.h", "/// Why.\n#include <array>\n#pragma once\n") == 1);
    CHECK(count(headers_without_purpose, "a.h", "/// Why.\nint a;\n") == 1);
    CHECK(count(headers_without_purpose, "a.cpp", "int a;\n") == 0);
}

TEST_CASE("a long header explains itself, a short one need not") {
    CHECK(count(headers_without_prose, "a.h", repeat("int a;\n", 40)) == 0);
    CHECK(count(headers_without_prose, "a.h", repeat("int a;\n", 41)) == 1);
    CHECK(count(headers_without_prose, "a.h", repeat("int a;\n", 83) + repeat("/// Why.\n", 17)) == 0);
    CHECK(count(headers_without_prose, "a.h", repeat("int a;\n", 88) + repeat("/// Why.\n", 12)) == 1);
}

TEST_CASE("a word that says nothing is refused in names of files and types") {
    CHECK(count(empty_names, "jobs/queue/shot_manager.cpp", "") == 1);
    CHECK(count(empty_names, "tests/data/a.cpp", "") == 0);
    CHECK(count(empty_names, "daemon/data/a.cpp", "") == 1);
    CHECK(count(empty_names, "a.cpp", "class ShotManager {};") == 1);
    CHECK(count(empty_names, "a.cpp", "using event_handler = int;") == 1);
    CHECK(count(empty_names, "a.cpp", "enum class Misc : int {};") == 1);
}

TEST_CASE("a word that says nothing may be part of a word that does, or of another's name") {
    CHECK(count(empty_names, "daemon/processing.cpp", "struct Database {}; struct Information {};") == 0);
    CHECK(count(empty_names, "a.cpp", "class Reader : public YAML::EventHandler {}; auto data = a.data();") ==
          0);
    CHECK(count(empty_names, "a.cpp", "struct MHD_ConnectionInfo* f();") == 0);
}

TEST_CASE("notes to self are found in comments, and only there") {
    CHECK(count(notes_to_self, "a.cpp", "int a; // TODO: b") == 1);
    CHECK(count(notes_to_self, "a.cpp", "auto a = \"TODO reeld-XXX\"; // A name like reeld-XXXXXX.") == 0);
}

TEST_CASE("what is switched off is found") {
    CHECK(count(switched_off, "a.cpp", "#if 0\n#endif\n") == 1);
    CHECK(count(switched_off, "a.cpp", "f(); // NOLINT\ng(); // NOLINT(bugprone-x): why\n") == 1);
    CHECK(count(switched_off, "a.cpp", "TEST_CASE(\"a b c\" * doctest::may_fail()) {}") == 1);
    CHECK(count(switched_off, "a.cpp", "input.skip(3); auto a = \"doctest::skip\";") == 0);
}

TEST_CASE("a test's name is told from a sentence by its words") {
    CHECK(count(test_names_that_are_no_sentences, "a.cpp", "TEST_CASE(\"bucket\") {}") == 1);
    CHECK(count(test_names_that_are_no_sentences, "a.cpp", "TEST_CASE(\"a bucket starts full.\") {}") == 1);
    CHECK(count(test_names_that_are_no_sentences, "a.cpp", "TEST_CASE(\"a bucket starts full\") {}") == 0);
    CHECK(count(test_names_that_are_no_sentences, "a.cpp", "auto a = \"TEST_CASE(\\\"a\\\")\";") == 0);
}

TEST_CASE("a path of one machine is refused, a path that ends like one is not") {
    const std::string home = std::string("/ho") + "me/";
    CHECK(count(private_places, "run", "cd " + home + "me\n") == 1);
    CHECK(count(private_places, "run", "cd ." + home + "me && cd var" + home + "\n") == 0);
}

TEST_CASE("jobs may not reach for a clock, dice, files, threads or callbacks") {
    for (const char* code :
         {"auto now = std::chrono::system_clock::now();", "int a = rand();", "int a = std::rand();",
          "f(::time(0));", "return time(nullptr);", "std::function<void()> f;", "virtual void f();",
          "auto a = getenv(name);", "std::ofstream file;", "std::mutex lock;", "std::cout << 1;"}) {
        CAPTURE(code);
        CHECK(count(impure_jobs, "jobs/a.cpp", code) == 1);
        CHECK(count(impure_jobs, "daemon/a.cpp", code) == 0);
    }
}

TEST_CASE("jobs may use words that are only forbidden as calls or in comments") {
    for (const char* code :
         {"// rand() and std::function\n", "Instant time(int a);", "shot.time(1);", "int rand = 1;",
          "auto a = Clip::time(1);", "shot->time(1);", "void event(int e) override;",
          "std::string_view function;", "auto a = \"virtual\";"}) {
        CAPTURE(code);
        CHECK(count(impure_jobs, "jobs/a.cpp", code) == 0);
    }
}

TEST_CASE("only the loop tells the time, and nobody sleeps") {
    CHECK(count(second_clocks, "daemon/app/a.cpp", "std::chrono::steady_clock::now();") == 1);
    CHECK(count(second_clocks, "tests/a.cpp", "std::this_thread::sleep_for(1s); usleep(5);") == 2);
    CHECK(count(second_clocks, "daemon/loop/a.cpp", "clock_gettime(CLOCK_BOOTTIME, &now);") == 0);
}

TEST_CASE("jobs include themselves, the pure standard library and three libraries") {
    CHECK(count(includes_beyond_jobs, "jobs/a.h",
                "#include \"jobs/b.h\"\n#include <chrono>\n#include <fmt/format.h>\n#include "
                "<rapidjson/document.h>\n#include <yaml-cpp/yaml.h>\n") == 0);
    CHECK(count(includes_beyond_jobs, "jobs/a.h",
                "#include \"daemon/b.h\"\n#include <thread>\n#include <unistd.h>\n#include <sys/stat.h>\n"
                "#include <curl/curl.h>\n") == 5);
    CHECK(count(includes_beyond_jobs, "daemon/a.h", "#include <thread>\n") == 0);
}

TEST_CASE("a C library is included inside its wall only") {
    CHECK(count(includes_beyond_walls, "daemon/net/a.cpp", "#include <curl/curl.h>\n") == 0);
    CHECK(count(includes_beyond_walls, "daemon/app/a.cpp",
                "#include <curl/curl.h>\n#include <sqlite3.h>\n") == 2);
    CHECK(count(includes_beyond_walls, "daemon/http/a.cpp", "#include <microhttpd.h>\n") == 0);
    CHECK(count(includes_beyond_walls, "daemon/app/a.cpp",
                "#include <CLI/CLI.hpp>\n#include <systemd/x.h>\n") == 2);
}

TEST_CASE("headers of ours are named from the root, and those of tests stay in tests") {
    CHECK(count(relative_includes, "daemon/a.cpp", "#include \"jobs/b.h\"\n#include <b.h>\n") == 0);
    CHECK(count(relative_includes, "daemon/a.cpp", "#include \"b.h\"\n#include \"../b.h\"\n") == 2);
    CHECK(count(relative_includes, "daemon/a.cpp", "#include \"tests/b.h\"\n") == 1);
    CHECK(count(relative_includes, "tests/a.cpp", "#include \"tests/b.h\"\n") == 0);
}

TEST_CASE("a name that is private to two sources of one folder is refused") {
    const auto faults_beside = [](const std::string& path, const std::string& text) {
        const std::string mine = "namespace {\nconstexpr int kMax = 3;\nstruct Reading {\nint a;\n};\nint "
                                 "f(int a) {\n}\n} // namespace\n";
        return private_names_twice({{.path = "jobs/a/a.cpp", .text = mine}, {.path = path, .text = text}})
            .size();
    };
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\nconstexpr std::size_t kMax{4};\n} // namespace\n") ==
          1);
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\nclass Reading final {\n};\n} // namespace\n") == 1);
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\nint f(int a) {\n}\n} // namespace\n") == 1);
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\nint g() {\n}\nint f(int a) {\n}\n} // namespace\n") ==
          1); // The end of a function is not that of the namespace.
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\nint f(char a) {\n}\n} // namespace\n") == 0);
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\nint kMax(int a) {\n}\n} // namespace\n") == 0);
    CHECK(faults_beside("jobs/a/b.cpp", "namespace {\n} // namespace\nint f(int a) {\n}\n") == 0);
    CHECK(faults_beside("jobs/b/b.cpp", "namespace {\nconstexpr int kMax = 3;\n} // namespace\n") == 0);
    CHECK(faults_beside("tests/a/a.cpp", "namespace {\nconstexpr int kMax = 3;\n} // namespace\n") == 0);
}

TEST_CASE("a private function named like one of a header of its folder is refused") {
    const auto faults_beside = [](const std::string& path, const std::string& text) {
        const std::string shown =
            "[[nodiscard]] inline int shot(std::vector<int> a,\nint b) {\n}\nusing F = int(int);\n";
        return private_names_that_hide({{.path = "tests/a/a.h", .text = shown}, {.path = path, .text = text}})
            .size();
    };
    CHECK(faults_beside("tests/a/b.cpp", "namespace {\nint shot() {\n}\n} // namespace\n") == 1);
    CHECK(faults_beside("tests/a/b.cpp", "namespace {\nint g() {\n}\nint shot() {\n}\n} // namespace\n") ==
          1);
    CHECK(faults_beside("tests/a/b.cpp", "namespace {\nint F() {\n}\nint a = shot();\n} // namespace\n") ==
          0);
    CHECK(faults_beside("tests/a/b.cpp", "namespace {\n} // namespace\nint shot() {\n}\n") == 0);
    CHECK(faults_beside("tests/b/b.cpp", "namespace {\nint shot() {\n}\n} // namespace\n") == 0);
}

TEST_CASE("a type that two headers define in one namespace is refused") {
    const auto faults_beside = [](const std::string& text) {
        const std::string mine = "namespace reeld {\nenum class End : int {\na\n};\nstruct Later;\n}\n";
        return types_defined_twice({{.path = "jobs/a.h", .text = mine}, {.path = "daemon/b.h", .text = text}})
            .size();
    };
    CHECK(faults_beside("namespace reeld {\nstruct End {\n};\n}\n") == 1);
    CHECK(faults_beside("namespace reeld {\nstruct End;\nstruct Later {\n};\n}\n") == 0);
    CHECK(faults_beside("namespace reeld::http {\nstruct End {\n};\n}\n") == 0);
    CHECK(faults_beside("namespace reeld {\nstruct End::Part {\n};\n}\n") == 0);
    CHECK(faults_beside("namespace reeld {\nclass End : a::Base {\n};\n}\n") == 1);
}

} // namespace reeld::test
