/// The least that renders: a loop around curl_multi_poll that sends the creates and polls which reeld sends,
/// 500 at once, and keeps nothing. What reeld costs beyond this is the price of its journal, limits and
/// manifests.
///
///   reeld_bare_loop BASE-URL COUNT AT-ONCE
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::size_t keep(char* text, std::size_t, std::size_t count, void* answer) {
    static_cast<std::string*>(answer)->append(text, count);
    return count;
}

/// The string behind "name": in a JSON object.
std::string member(const std::string& json, const std::string& name) {
    const auto key = json.find("\"" + name + "\"");
    if (key == std::string::npos) return {};
    const auto begin = json.find('"', json.find(':', key)) + 1;
    return json.substr(begin, json.find('"', begin) - begin);
}

/// One prediction at a time, create and polls, again and again.
class Slot {
public:
    Slot(CURLM* multi, curl_slist* headers, std::string base_url)
        : multi_(multi), easy_(curl_easy_init()), base_url_(std::move(base_url)) {
        curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
        curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, keep);
        curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &answer_);
        curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    }
    ~Slot() { curl_easy_cleanup(easy_); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

    void create(int number) {
        body_ =
            fmt::format(R"({{"model":"kling-v3-pro-text-to-video","input":{{"prompt":"Gull {}"}}}})", number);
        id_.clear();
        curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body_.c_str());
        send(base_url_ + "/prediction/", 1);
    }

    /// The answer is there. True: the prediction has ended. False: it is asked for again.
    bool answered() {
        if (id_.empty()) {
            id_ = member(answer_, "predictionID");
            if (id_.empty()) throw std::runtime_error("a create was refused: " + answer_);
        } else if (member(answer_, "status") == "success") {
            return true;
        }
        curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
        send(base_url_ + "/prediction/" + id_, 0);
        return false;
    }

private:
    void send(const std::string& url, long fresh) {
        answer_.clear();
        curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, fresh);
        curl_easy_setopt(easy_, CURLOPT_FORBID_REUSE, fresh);
        curl_multi_add_handle(multi_, easy_);
    }

    CURLM* multi_;
    CURL* easy_;
    std::string base_url_;
    std::string body_;
    std::string id_;
    std::string answer_;
};

void render(const std::string& base_url, int count, int at_once) {
    CURLM* const multi = curl_multi_init();
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
    headers = curl_slist_append(headers, "X-API-Key: key-for-tests");
    std::vector<std::unique_ptr<Slot>> slots;
    int created = 0;
    for (; created < count && created < at_once; ++created)
        slots.emplace_back(std::make_unique<Slot>(multi, headers, base_url))->create(created);
    for (int ended = 0, running = 0; ended < count;) {
        curl_multi_perform(multi, &running);
        for (int left = 0; CURLMsg* const message = curl_multi_info_read(multi, &left);) {
            CURL* const easy = message->easy_handle;
            const CURLcode result = message->data.result;
            if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
            curl_multi_remove_handle(multi, easy);
            Slot* slot = nullptr;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
            if (!slot->answered()) continue;
            ++ended;
            if (created < count) slot->create(created++);
        }
        if (ended < count) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    slots.clear();
    curl_slist_free_all(headers);
    curl_multi_cleanup(multi);
}

} // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    try {
        render(words[1], std::stoi(words[2]), std::stoi(words[3]));
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
    return 0;
}
