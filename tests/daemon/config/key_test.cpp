#include "daemon/config/key.h"

#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <string>

using namespace reeld;

namespace {

namespace fs = std::filesystem;

/// A folder with key files, and variables, to find a key in.
struct Machine {
    test::TempFolder folder;
    std::map<std::string, std::string> variables;

    fs::path file(const std::string& name, const std::string& text, unsigned mode = 0600) const {
        std::ofstream{folder / name} << text;
        fs::permissions(folder / name, static_cast<fs::perms>(mode));
        return folder / name;
    }
    [[nodiscard]] KeyFound find(const fs::path& key_file = {}) const {
        Config config;
        config.api.key_file = key_file;
        return find_key(config, [this](const char* name) {
            const auto found = variables.find(name);
            return found == variables.end() ? nullptr : found->second.c_str();
        });
    }
};

} // namespace

TEST_CASE("the key file goes before the credential, and that before the variable") {
    Machine machine;
    machine.variables["EACHLABS_API_KEY"] = "from-variable";
    CHECK(machine.find().key == "from-variable");
    CHECK(machine.find().source == "$EACHLABS_API_KEY");

    machine.variables["CREDENTIALS_DIRECTORY"] = machine.folder.path().string();
    CHECK(machine.find().key == "from-variable");
    const auto credential = machine.file("eachlabs-api-key", "from-credential\n", 0440);
    CHECK(machine.find().key == "from-credential");
    CHECK(machine.find().source == credential.string());
    CHECK(machine.find().warnings.empty());

    const auto file = machine.file("key", "from-file");
    CHECK(machine.find(file).key == "from-file");
    CHECK(machine.find(file).source == file.string());
    CHECK(machine.find(file).error.empty());
}

TEST_CASE("line ends after the key are cut off") {
    const Machine machine;
    for (const std::string end : {"", "\n", "\r\n", "\n\n"})
        CHECK(machine.find(machine.file("key", "sk-1" + end)).key == "sk-1");
}

TEST_CASE("a key file that is there decides, even when it is faulty") {
    Machine machine;
    machine.variables["EACHLABS_API_KEY"] = "another-account";
    CHECK(machine.find(machine.file("empty", "")).key.empty());
    CHECK(machine.find(machine.folder / "absent").key.empty());
    CHECK(machine.find(machine.folder / "absent").error ==
          (machine.folder / "absent").string() + ": the API key cannot be read: No such file or directory");
    CHECK(machine.find(machine.folder.path()).error.ends_with("is a folder, not a file"));
}

TEST_CASE("what cannot be a key is an error that does not repeat it") {
    Machine machine;
    for (const std::string& text :
         {std::string{}, std::string{"\n"}, std::string{"sesame two"}, std::string{" sesame"},
          std::string{"sesame\ntwo"}, std::string{"sesame\t"}, std::string{"sesame\x1b"},
          std::string{"sesame\0", 7}, std::string{"sesameé"}, std::string(kKeyBytesMax + 1, 's'),
          std::string(100'000, 's')}) {
        const KeyFound found = machine.find(machine.file("key", text));
        CHECK(found.key.empty());
        CHECK_FALSE(found.error.empty());
        CHECK(found.error.find("sesame") == std::string::npos);
    }
    CHECK(machine.find(machine.file("key", std::string(kKeyBytesMax, 's') + "\n")).key.size() ==
          kKeyBytesMax);
    machine.variables["EACHLABS_API_KEY"] = "sesame two";
    CHECK(machine.find().error.starts_with("$EACHLABS_API_KEY: not an API key"));
    CHECK(machine.find().error.find("sesame") == std::string::npos);
}

TEST_CASE("a key file that others can use is warned about, with the command that mends it") {
    const Machine machine;
    for (const unsigned mode : {0644U, 0640U, 0604U, 0620U, 0601U}) {
        const auto file = machine.file("key", "sk-1", mode);
        const KeyFound found = machine.find(file);
        CHECK(found.key == "sk-1");
        REQUIRE(found.warnings.size() == 1);
        CHECK(found.warnings[0].ends_with("chmod 600 " + file.string()));
        CHECK(found.warnings[0].find("sk-1") == std::string::npos);
    }
    CHECK(machine.find(machine.file("key", "sk-1", 0400)).warnings.empty());
}

TEST_CASE("without any key the error tells the three ways to give one") {
    Machine machine;
    machine.variables["EACHLABS_API_KEY"] = "";
    const std::string error = machine.find().error;
    CHECK(error.find("api.key_file") != std::string::npos);
    CHECK(error.find("eachlabs-api-key") != std::string::npos);
    CHECK(error.find("$EACHLABS_API_KEY") != std::string::npos);
    CHECK(machine.find().key.empty());
}
