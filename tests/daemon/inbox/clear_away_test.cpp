#include "daemon/inbox/clear_away.h"

#include "daemon/inbox/file_version.h"
#include "tests/daemon/output/file_text.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace reeld;
using namespace reeld::test;
using Outcome = Cleared::Outcome;

namespace {

/// Writes a file and returns what an offer would say of it.
SourceIdentity put_source(const std::filesystem::path& path, std::string_view text) {
    put_text(path, text);
    return identity_of(version_of(path).value(), path);
}

} // namespace

TEST_CASE("a file that was taken is removed, and nothing else") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    put_text(folder / "b.yaml", "two");
    const Cleared cleared = remove_unless_changed(source);
    CHECK(cleared.outcome == Outcome::away);
    CHECK(cleared.error.empty());
    CHECK(entries_of(folder.path()) == 1);
    CHECK(remove_unless_changed(source).outcome == Outcome::away);
}

TEST_CASE("a file that was changed since it was read is neither removed nor rejected") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    put_text(folder / "a.yaml", "one more");
    CHECK(remove_unless_changed(source).outcome == Outcome::changed);
    CHECK(reject_unless_changed(source, "bad").outcome == Outcome::changed);
    CHECK(text_of(folder / "a.yaml") == "one more");
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a file that was replaced by one of the same size is neither removed nor rejected") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    put_text(folder / "b", "two");
    std::filesystem::rename(folder / "b", folder / "a.yaml");
    CHECK(remove_unless_changed(source).outcome == Outcome::changed);
    CHECK(reject_unless_changed(source, "bad").outcome == Outcome::changed);
    CHECK(text_of(folder / "a.yaml") == "two");
}

TEST_CASE("a folder that took the file's name is left alone") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    std::filesystem::remove(folder / "a.yaml");
    std::filesystem::create_directory(folder / "a.yaml");
    CHECK(remove_unless_changed(source).outcome == Outcome::changed);
    CHECK(std::filesystem::is_directory(folder / "a.yaml"));
}

TEST_CASE("a new mode is no new file") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    REQUIRE(::chmod((folder / "a.yaml").c_str(), 0600) == 0);
    CHECK(remove_unless_changed(source).outcome == Outcome::away);
    CHECK_FALSE(std::filesystem::exists(folder / "a.yaml"));
}

TEST_CASE("a rejected file moves to rejected/ with its report beside it") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    const Cleared cleared = reject_unless_changed(source, "a.yaml:1:1: error: bad\n");
    CHECK(cleared.outcome == Outcome::away);
    CHECK(cleared.error.empty());
    CHECK_FALSE(std::filesystem::exists(folder / "a.yaml"));
    CHECK(text_of(folder / "rejected/a.yaml") == "one");
    CHECK(text_of(folder / "rejected/a.yaml.errors.txt") == "a.yaml:1:1: error: bad\n");
    CHECK(entries_of(folder / "rejected") == 2);
}

TEST_CASE("rejected files of one name get numbers, each with a report of its own") {
    const TempFolder folder;
    for (const char* text : {"one", "two", "three"}) {
        const SourceIdentity source = put_source(folder / "a.yaml", text);
        CHECK(reject_unless_changed(source, text).outcome == Outcome::away);
    }
    CHECK(text_of(folder / "rejected/a.yaml") == "one");
    CHECK(text_of(folder / "rejected/a.2.yaml") == "two");
    CHECK(text_of(folder / "rejected/a.2.yaml.errors.txt") == "two");
    CHECK(text_of(folder / "rejected/a.3.yaml") == "three");
}

TEST_CASE("a report whose file a crash left behind is written over") {
    const TempFolder folder;
    std::filesystem::create_directory(folder / "rejected");
    put_text(folder / "rejected/a.yaml.errors.txt", "old");
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    CHECK(reject_unless_changed(source, "new").outcome == Outcome::away);
    CHECK(text_of(folder / "rejected/a.yaml") == "one");
    CHECK(text_of(folder / "rejected/a.yaml.errors.txt") == "new");
}

TEST_CASE("a name of the greatest length can be taken and rejected") {
    const TempFolder folder;
    std::string name;
    for (int i = 0; i < 125; ++i) name += "\xC3\xA9";
    name += ".yaml"; // 255 bytes, and the 200th is within a character.
    CHECK(remove_unless_changed(put_source(folder / name, "one")).outcome == Outcome::away);
    CHECK(reject_unless_changed(put_source(folder / ("x" + name.substr(2)), "one"), "bad").outcome ==
          Outcome::away);
    CHECK(entries_of(folder / "rejected") == 2);
    CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a file that cannot be moved stays where it is, and the reason is told") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    put_text(folder / "rejected", "a file under the folder's name");
    const Cleared cleared = reject_unless_changed(source, "bad");
    CHECK(cleared.outcome == Outcome::stuck);
    CHECK(cleared.error.find("cannot make the folder " + (folder / "rejected").string()) == 0);
    CHECK(text_of(folder / "a.yaml") == "one");
}

TEST_CASE("a file that was removed before it could be rejected leaves no report") {
    const TempFolder folder;
    const SourceIdentity source = put_source(folder / "a.yaml", "one");
    std::filesystem::remove(folder / "a.yaml");
    CHECK(reject_unless_changed(source, "bad").outcome == Outcome::away);
    CHECK(entries_of(folder.path()) == 0);
}
