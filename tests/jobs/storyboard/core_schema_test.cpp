#include "jobs/storyboard/core_schema.h"

#include <doctest/doctest.h>

using namespace reeld;

TEST_CASE("plain scalars have the types of the YAML 1.2 core schema") {
    struct Row {
        const char* text;
        CoreType type;
        const char* json;
    };
    for (const Row& row : {
             Row{"null", CoreType::null, "null"},
             Row{"~", CoreType::null, "null"},
             Row{"", CoreType::null, "null"},
             Row{"nUll", CoreType::string, ""},
             Row{"true", CoreType::boolean, "true"},
             Row{"FALSE", CoreType::boolean, "false"},
             Row{"tRue", CoreType::string, ""},
             Row{"yes", CoreType::string, ""},
             Row{"Off", CoreType::string, ""},
             Row{"0", CoreType::integer, "0"},
             Row{"-0", CoreType::integer, "0"},
             Row{"+12", CoreType::integer, "12"},
             Row{"0012", CoreType::integer, "12"},
             Row{"0o17", CoreType::integer, "15"},
             Row{"0xFf", CoreType::integer, "255"},
             Row{"-0x1", CoreType::string, ""},
             Row{"0b1", CoreType::string, ""},
             Row{"1_000", CoreType::string, ""},
             Row{"12:30", CoreType::string, ""},
             Row{"18446744073709551615", CoreType::integer, "18446744073709551615"},
             Row{"18446744073709551616", CoreType::integer, ""},
             Row{"-9223372036854775809", CoreType::integer, ""},
             Row{"1.0", CoreType::real, "1.0"},
             Row{"1.", CoreType::real, "1.0"},
             Row{".5", CoreType::real, "0.5"},
             Row{"+.5e1", CoreType::real, "5.0"},
             Row{"-1E-2", CoreType::real, "-0.01"},
             Row{"1e3", CoreType::real, "1000.0"},
             Row{"0.1", CoreType::real, "0.1"},
             Row{"1e400", CoreType::real, ""},
             Row{".inf", CoreType::real, ""},
             Row{"-.INF", CoreType::real, ""},
             Row{".NaN", CoreType::real, ""},
             Row{".", CoreType::string, ""},
             Row{"e5", CoreType::string, ""},
             Row{"1e", CoreType::string, ""},
             Row{"1e5.0", CoreType::string, ""},
             Row{"--1", CoreType::string, ""},
             Row{"+", CoreType::string, ""},
             Row{"1 2", CoreType::string, ""},
         }) {
        CAPTURE(row.text);
        const CoreScalar scalar = resolve_scalar(row.text);
        CHECK(scalar.type == row.type);
        CHECK(scalar.json == row.json);
        CHECK(scalar.refusal.empty() == (!scalar.json.empty() || row.type == CoreType::string));
    }
}
