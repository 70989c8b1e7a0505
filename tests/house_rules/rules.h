/// The house rules, each a function from a file to its faults ("path:line: what is wrong"), of which a good
/// file has none. They are tried on samples in this folder and on the tree in tests/house_rules_test.cpp.
///
/// A rule here has no exceptions to list, so it is worded to raise no false alarm rather than to catch all.
#pragma once

#include "tests/house_rules/source_text.h"

#include <string>
#include <vector>

namespace reeld::test {

using Faults = std::vector<std::string>;

// Small enough to see (shape_rules.cpp).

/// At most 60 lines a function, as function_spans() counts them.
[[nodiscard]] Faults long_functions(const SourceFile& file);
/// At most 400 lines a file.
[[nodiscard]] Faults long_files(const SourceFile& file);
/// At most 110 characters a line.
[[nodiscard]] Faults long_lines(const SourceFile& file);

// The header is the manual (header_rules.cpp). Sources pass.

/// The purpose comes first, as `///`, then `#pragma once`.
[[nodiscard]] Faults headers_without_purpose(const SourceFile& file);
/// The habit is a third; a header of more than 40 lines with less than 15 % of prose is refused.
[[nodiscard]] Faults headers_without_prose(const SourceFile& file);

// Words (word_rules.cpp).

/// File and type names hold none of the words that say nothing: manager, helper, util, …
[[nodiscard]] Faults empty_names(const SourceFile& file);
/// No notes to self in comments: what is to be done is done, or is not in the code.
[[nodiscard]] Faults notes_to_self(const SourceFile& file);
/// No gate is switched off: `#if 0`, a clang-tidy exception without its check, a test that is skipped or may
/// fail.
[[nodiscard]] Faults switched_off(const SourceFile& file);
/// A test's name is a sentence, so it has three words at least and no full stop.
[[nodiscard]] Faults test_names_that_are_no_sentences(const SourceFile& file);
/// Nothing names a place on the machine of whoever wrote it. For texts of every kind, not only C++.
[[nodiscard]] Faults private_places(const SourceFile& file);

// One name, one thing (name_rules.cpp). These look at several files together.

/// No constant, type or function is private to two sources of a folder: they may be compiled as one, and what
/// stands twice belongs into a header.
[[nodiscard]] Faults private_names_twice(const std::vector<SourceFile>& files);
/// No function that is private to a source is named like one of a header of its folder, which it would hide
/// from the other sources where they are compiled as one.
[[nodiscard]] Faults private_names_that_hide(const std::vector<SourceFile>& files);
/// No two headers define a type of one name in one namespace: a program that includes both would have two.
[[nodiscard]] Faults types_defined_twice(const std::vector<SourceFile>& files);

// Facts in, decisions out; one loop (purity_rules.cpp, include_rules.cpp).

/// `jobs/` calls no clock, file, socket, thread, environment or dice, and has no callbacks and no virtuals.
[[nodiscard]] Faults impure_jobs(const SourceFile& file);
/// Outside of `daemon/loop/` nothing asks for the time, and nothing sleeps, tests included.
[[nodiscard]] Faults second_clocks(const SourceFile& file);
/// `jobs/` includes itself, the standard library's pure part, fmt, RapidJSON and yaml-cpp.
[[nodiscard]] Faults includes_beyond_jobs(const SourceFile& file);
/// Each C library is included in the folder that wraps it. Tests may stand on either side of a wall.
[[nodiscard]] Faults includes_beyond_walls(const SourceFile& file);
/// Our own headers are included by their path from the root.
[[nodiscard]] Faults relative_includes(const SourceFile& file);

} // namespace reeld::test
