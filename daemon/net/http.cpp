#include "daemon/net/http.h"

#include "daemon/net/curl_multi.h"
#include "daemon/net/transfer.h"

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string_view>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace reeld {

namespace {

/// Handles kept for the next requests; each holds a few kilobytes.
constexpr std::size_t idle_handles_max = 64;

void initialise_libcurl() {
    static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK)
        throw std::runtime_error(std::string{"libcurl cannot start: "} + curl_easy_strerror(result));
}

/// The system's certificates as one file; empty where there is none, and libcurl then looks for itself.
///
/// Named alone, the file is read once a day and kept. Together with a folder of certificates, which is how
/// Debian builds libcurl, it is read anew for every connection: 38 ms in which the loop does nothing else.
std::string system_ca_file() {
    const char* const file = curl_version_info(CURLVERSION_NOW)->cainfo;
    return file != nullptr && access(file, R_OK) == 0 ? file : std::string{};
}

/// What the environment exempts from its proxies, and this machine always: a sandbox on loopback must work
/// behind any proxy, and no proxy could reach it.
std::string proxy_exemptions() {
    const char* from_environment = std::getenv("no_proxy");
    if (from_environment == nullptr) from_environment = std::getenv("NO_PROXY");
    std::string exempt = from_environment == nullptr ? "" : from_environment;
    if (exempt == "*") return exempt; // Everything, but only when it stands alone.
    return exempt + (exempt.empty() ? "" : ",") + "localhost,127.0.0.0/8,::1";
}

} // namespace

struct Http::Impl {
    Impl(Loop& the_loop, Options options);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Ticket start(HttpRequest request, Done done);
    void drop(Ticket ticket);
    void transfer_ended(CURL* easy, CURLcode result);
    void all_broken_off(const std::string& cause);
    void report_failed();
    CurlEasy take_handle();
    void keep_handle(CurlEasy easy);

    /// A request that libcurl did not take, or lost with all others: its report waits for the loop.
    struct Failed {
        Done done;
        HttpAnswer answer;
    };

    Loop& loop;
    TransferDefaults defaults;
    CurlMulti multi;
    LoopTimer failed_timer;
    Ticket last_ticket = 0;
    std::unordered_map<Ticket, std::unique_ptr<Transfer>> transfers;
    std::map<Ticket, Failed> failed;
    std::vector<CurlEasy> idle_handles;
};

Http::Impl::Impl(Loop& the_loop, Options options)
    : loop{the_loop}, defaults{.user_agent = std::move(options.user_agent),
                               .ca_file =
                                   options.ca_file.empty() ? system_ca_file() : std::move(options.ca_file),
                               .no_proxy = proxy_exemptions()},
      multi{the_loop,
            options.pool_connections_max,
            {.ended = [this](CURL* easy, CURLcode result) { transfer_ended(easy, result); },
             .broken =
                 [this](const std::string& cause) {
                     all_broken_off(cause);
                 }}},
      failed_timer{the_loop, [this] {
                       report_failed();
                   }} {}

Http::Impl::~Impl() {
    for (const auto& [ticket, transfer] : transfers) multi.remove(transfer->easy());
}

Http::Ticket Http::Impl::start(HttpRequest request, Done done) {
    const Ticket ticket = ++last_ticket;
    const Instant now = loop.now().at;
    auto transfer =
        std::make_unique<Transfer>(ticket, std::move(request), std::move(done), take_handle(), defaults, now);
    CurlEasy& easy = transfer->easy();
    if (easy.setup() != CURLE_OK) {
        failed.emplace(ticket, Failed{transfer->take_done(), transfer->answer(easy.setup(), now)});
    } else if (const CURLMcode refused = multi.add(easy); refused != CURLM_OK) {
        failed.emplace(
            ticket, Failed{transfer->take_done(), transfer->broken_off(curl_multi_strerror(refused), now)});
    } else {
        transfers.emplace(ticket, std::move(transfer));
        return ticket;
    }
    failed_timer.arm_at(now);
    return ticket;
}

void Http::Impl::drop(Ticket ticket) {
    failed.erase(ticket);
    const auto found = transfers.find(ticket);
    if (found == transfers.end()) return;
    multi.remove(found->second->easy());
    keep_handle(found->second->take_easy());
    transfers.erase(found);
}

void Http::Impl::transfer_ended(CURL* easy, CURLcode result) {
    const auto node = transfers.extract(Transfer::of(easy).ticket());
    Transfer& transfer = *node.mapped();
    HttpAnswer answer = transfer.answer(result, loop.now().at);
    const Done done = transfer.take_done();
    keep_handle(transfer.take_easy());
    done(std::move(answer));
}

void Http::Impl::all_broken_off(const std::string& cause) {
    const Instant now = loop.now().at;
    for (const auto& [ticket, transfer] : std::exchange(transfers, {})) {
        multi.remove(transfer->easy());
        failed.emplace(ticket, Failed{transfer->take_done(), transfer->broken_off(cause, now)});
    }
    idle_handles.clear();
    multi.restart();
    failed_timer.arm_at(now);
}

void Http::Impl::report_failed() {
    // One by one: a callback may drop others, and start new ones, which then wait for the next time.
    const Ticket last = last_ticket;
    while (!failed.empty() && failed.begin()->first <= last) {
        auto node = failed.extract(failed.begin());
        node.mapped().done(std::move(node.mapped().answer));
    }
}

CurlEasy Http::Impl::take_handle() {
    if (idle_handles.empty()) return {};
    CurlEasy easy = std::move(idle_handles.back());
    idle_handles.pop_back();
    return easy;
}

void Http::Impl::keep_handle(CurlEasy easy) {
    if (idle_handles.size() >= idle_handles_max) return;
    easy.reset(); // At once: it points into a transfer that is about to go.
    idle_handles.push_back(std::move(easy));
}

Http::Http(Loop& loop, Options options) {
    initialise_libcurl();
    impl_ = std::make_unique<Impl>(loop, std::move(options));
}

Http::~Http() = default;

Http::Ticket Http::start(HttpRequest request, Done done) {
    return impl_->start(std::move(request), std::move(done));
}

void Http::drop(Ticket ticket) {
    impl_->drop(ticket);
}

std::size_t Http::active() const {
    return impl_->transfers.size() + impl_->failed.size();
}

} // namespace reeld
