#include "daemon/sandbox/rfc3339.h"
#include "tests/simulation/provider.h"

#include "jobs/text/rfc3339.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace reeld::test {

namespace {

using namespace std::chrono_literals;

/// The same object with its keys in another order, and blanks: what a provider stores is not what it got.
std::string respelled(const std::string& input) {
    rapidjson::Document document;
    document.Parse(input.c_str());
    std::vector<std::string> members;
    for (const auto& member : std::as_const(document).GetObject()) {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
        member.value.Accept(writer);
        members.push_back(fmt::format("\"{}\" : {}", member.name.GetString(), buffer.GetString()));
    }
    std::reverse(members.begin(), members.end());
    return fmt::format("{{ {} }}", fmt::join(members, ", "));
}

/// The value of a key in a query of the simulation's own client, percent signs undone.
std::string value_in(const std::string& query, const std::string& key) {
    const auto at = ("&" + query).find("&" + key + "=");
    if (at == std::string::npos) return "";
    const auto from = at + key.size() + 1;
    std::string text = query.substr(from, query.find('&', from) - from);
    for (auto sign = text.find('%'); sign != std::string::npos; sign = text.find('%', sign + 1))
        text.replace(sign, 3, 1, static_cast<char>(std::stoi(text.substr(sign + 1, 2), nullptr, 16)));
    return text;
}

std::string_view word_for(Booked::End end) {
    static constexpr std::array<std::string_view, 5> kWords = {"success", "success", "error", "failed",
                                                               "cancelled"};
    return kWords.at(static_cast<std::size_t>(end));
}

} // namespace

std::string Provider::prediction_body(const Booked& it) {
    static constexpr std::array<std::string_view, 4> kRunning = {"created", "starting", "processing",
                                                                 "queued"};
    std::string body = fmt::format(R"({{"id":"{}","model":"{}")", it.id, it.model);
    if (!parts_.faults.strikes(FaultClass::echo_failing))
        body += fmt::format(R"(,"input":{})", respelled(it.input));
    const bool ended = !running(it);
    if (!ended || parts_.faults.strikes(FaultClass::status_backwards)) {
        return body + fmt::format(R"(,"status":"{}"}})", kRunning.at(parts_.dice.roll(kRunning.size())));
    }
    body += fmt::format(R"(,"status":"{}","metrics":{{"predict_time":61.5,"cost":0.98}})", word_for(it.end));
    if (it.end == Booked::End::video)
        return body + fmt::format(R"(,"output":"https://cdn.example/{}.mp4"}})", it.id);
    if (it.end == Booked::End::failure)
        return body + R"(,"output":{"error_code":"E1","error_message":"It broke.","retryable":true}})";
    if (it.end == Booked::End::moderation)
        return body +
               R"(,"output":{"error_code":"content_moderation","error_message":"No.","retryable":false}})";
    return body + "}";
}

HttpAnswer Provider::poll(const std::string& id) {
    if (parts_.faults.strikes(FaultClass::poll_missing)) return error(404, "no such prediction");
    if (parts_.faults.strikes(FaultClass::poll_broken)) return error(500, "it broke");
    const Booked* it = find(id);
    return it == nullptr ? error(404, "no such prediction") : reply(200, prediction_body(*it));
}

Duration Provider::list_lag(std::size_t offset) {
    // A look is mostly answered by one machine, which lags by one time.
    const bool another = parts_.faults.strikes(FaultClass::list_shifting);
    if (offset == 0 || another) {
        const bool lags = parts_.faults.strikes(FaultClass::list_stale) || another;
        replica_lag_ = lags ? parts_.dice.between(0s, habits_.list_lag_max) : 0s;
    }
    return replica_lag_;
}

HttpAnswer Provider::list(const std::string& query) {
    auto& faults = parts_.faults;
    const Moment now = parts_.clocks.now;
    if (faults.rages(FaultClass::list_forbidden, now)) return error(403, "not for you");
    if (faults.rages(FaultClass::list_missing, now)) return error(404, "no such place");
    if (faults.rages(FaultClass::list_broken, now)) return error(500, "it broke");
    const std::string model = value_in(query, "model");
    const auto from = read_rfc3339(value_in(query, "from"));
    auto skip = std::stoul(value_in(query, "offset"));
    const Moment shown_until = now - list_lag(skip);
    std::string rows;
    std::size_t count = 0;
    for (auto it = books_.rbegin(); it != books_.rend() && count < eachlabs::kListLimit; ++it) {
        const WallTime date = parts_.clocks.row_date(it->created_at);
        if (it->model != model || it->created_at > shown_until || (from && date < *from)) continue;
        if (skip > 0) {
            --skip;
            continue;
        }
        rows += fmt::format(R"({}{{"id":"{}","model":"{}","status":"{}","created_at":"{}"}})",
                            count == 0 ? "" : ",", it->id, model,
                            running(*it) ? "processing" : word_for(it->end), sandbox::to_rfc3339(date));
        ++count;
    }
    return reply(200, fmt::format(R"({{"executions":[{}],"limit":100}})", rows));
}

} // namespace reeld::test
