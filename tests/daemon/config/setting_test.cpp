#include "daemon/config/setting.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

using namespace reeld;

TEST_CASE("every setting has a key of its own and a meaning, and sections stand together") {
    std::set<std::string_view> keys;
    std::set<std::string_view> closed;
    std::string_view open;
    for (const Setting& setting : settings()) {
        CAPTURE(setting.key);
        CHECK(keys.insert(setting.key).second);
        CHECK_FALSE(setting.meaning.empty());
        CHECK_FALSE(setting.meaning.ends_with('.'));
        CHECK(std::count(setting.key.begin(), setting.key.end(), '.') <= 1);
        const auto dot = setting.key.find('.');
        const std::string_view section = dot == setting.key.npos ? "" : setting.key.substr(0, dot);
        if (section != open && !open.empty()) closed.insert(open);
        open = section;
        CHECK_FALSE(closed.contains(section));
    }
}

TEST_CASE("every default lies within its setting's limits and reads back as it is written") {
    const Config defaults;
    for (const Setting& setting : settings()) {
        CAPTURE(setting.key);
        const std::string text = show(setting, defaults);
        if (text.empty()) continue; // A path that is not set.
        Config config;
        CHECK(set(setting, text, config) == "");
        CHECK(show(setting, config) == text);
    }
}

TEST_CASE("every setting changes its own field and no other") {
    for (const Setting& setting : settings()) {
        CAPTURE(setting.key);
        Config config;
        for (const std::string_view text : {"7", "7s", "70MiB", "2MiB", "/some/folder", "https://x.test",
                                            "127.0.0.1:8788", "bearer", "retry", "22:00-06:00"}) {
            if (set(setting, text, config).empty()) break;
        }
        CHECK(show(setting, config) != show(setting, Config{}));
        const auto differing =
            std::count_if(settings().begin(), settings().end(), [&config](const Setting& other) {
                return show(other, config) != show(other, Config{});
            });
        CHECK(differing == 1);
    }
}

TEST_CASE("bounds belong to the limits, and what lies beyond them leaves the field alone") {
    const Setting& creates = *find_setting("limits.creates");
    Config config;
    CHECK(set(creates, "1", config) == "");
    CHECK(set(creates, "100000", config) == "");
    for (const std::string_view text : {"0", "-1", "100001", "1e3", "10.0", "ten", "", " 7", "99999999999"}) {
        CAPTURE(text);
        CHECK(set(creates, text, config).starts_with("must be a whole number of 1 to 100000; got "));
    }
    CHECK(config.limits.creates == 100'000);

    const Setting& concurrent = *find_setting("limits.concurrent");
    CHECK(set(concurrent, "10000", config) == "");
    CHECK(set(concurrent, "10001", config) != "");
    const Setting& per = *find_setting("limits.per");
    CHECK(set(per, "0s", config) != "");
    CHECK(set(per, "24h", config) == "");
    CHECK(set(per, "25h", config) != "");
    const Setting& attempts = *find_setting("retries.attempts");
    CHECK(set(attempts, "0", config) != "");
    CHECK(set(attempts, "101", config) != "");
}

TEST_CASE("a wrong value is answered with the forms that are right") {
    Config config;
    CHECK(set(*find_setting("limits.per"), "fast", config) ==
          R"(must be a duration of 1ms to 24h, such as 500ms, 60s, 2m or 1h; got "fast")");
    CHECK(set(*find_setting("polling.first"), "soon", config) ==
          R"(must be auto or a duration of 1ms to 24h, such as 500ms, 60s, 2m or 1h; got "soon")");
    CHECK(set(*find_setting("storyboard.bytes"), "64MB", config) ==
          R"(must be a size of 1KiB to 1GiB, such as 512KiB, 64MiB or 1GiB; got "64MB")");
    CHECK(set(*find_setting("api.auth"), "token", config) == "must be x-api-key or bearer");
    CHECK(set(*find_setting("on_unresolved"), "Retry", config) == R"(must be hold or retry; got "Retry")");
    CHECK(set(*find_setting("watch"), "", config) ==
          R"(must be a path, written out (~ and $HOME are not replaced); got "")");
    for (const std::string_view unread : {"~/inbox", "~", "$HOME/inbox"})
        CHECK_FALSE(set(*find_setting("watch"), unread, config).empty());
    CHECK(set(*find_setting("watch"), "/srv/~/inbox", config).empty());
    CHECK(set(*find_setting("watch"), std::string(5000, 'x'), config) != "");
}

TEST_CASE("a first poll can be set back to auto") {
    Config config;
    const Setting& first = *find_setting("polling.first");
    CHECK(set(first, "5s", config) == "");
    CHECK(config.polling.first == Duration{std::chrono::seconds{5}});
    CHECK(set(first, "auto", config) == "");
    CHECK_FALSE(config.polling.first);
}

TEST_CASE("a list is taken where one is meant, and its words are kept as they are") {
    Config config;
    const Setting& command = *find_setting("on_batch_end");
    const std::array<std::string_view, 3> words = {"/usr/local/bin/notify", "$HOME; rm -rf *", ""};
    CHECK(takes_list(command));
    CHECK(set_list(command, words, config) == "");
    CHECK(config.on_batch_end == std::vector<std::string>(words.begin(), words.end()));
    CHECK(set(command, "/bin/true", config) == "");
    CHECK(config.on_batch_end == std::vector<std::string>{"/bin/true"});
    for (const std::string_view text : {"notify", "./notify", "", "sh -c /x"}) {
        CAPTURE(text);
        CHECK(set(command, text, config).starts_with("must be the absolute path of a program"));
    }
    CHECK(set_list(command, {}, config) != "");
    CHECK(config.on_batch_end.size() == 1);

    const Setting& hosts = *find_setting("http.hosts");
    const std::array<std::string_view, 2> names = {"reeld.studio.test", "nas"};
    CHECK(set_list(hosts, names, config) == "");
    CHECK(config.http.hosts.size() == 2);
    for (const std::string_view text : {"a:80", "http://a", "a b", "", "*"}) {
        CAPTURE(text);
        CHECK(set(hosts, text, config) != "");
    }
    CHECK_FALSE(takes_list(*find_setting("watch")));
}
