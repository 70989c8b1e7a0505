#include "daemon/sandbox/execution_list.h"

#include "daemon/sandbox/json.h"
#include "daemon/sandbox/rfc3339.h"
#include "jobs/text/number.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

constexpr std::chrono::days kListSpanDefault{90};

/// What the `status` filter takes; a prediction that is being processed counts as starting.
constexpr std::array<std::string_view, 4> kStatusFilter = {"created", "starting", "success", "error"};

std::string_view list_status(const Prediction& prediction, Instant now) {
    switch (phase_at(prediction, now)) {
    case Phase::created: return "created";
    case Phase::starting:
    case Phase::processing: return "starting";
    case Phase::ended: break;
    }
    if (prediction.ending == Ending::cancelled) return "cancelled";
    return is_failure(prediction.ending) ? "error" : "success";
}

/// Whether `word` is one of the words of a comma-separated list.
bool lists(std::string_view words, std::string_view word) {
    while (true) {
        const std::size_t comma = words.find(',');
        if (words.substr(0, comma) == word) return true;
        if (comma == std::string_view::npos) return false;
        words.remove_prefix(comma + 1);
    }
}

bool is_status_filter(std::string_view words) {
    while (true) {
        const std::size_t comma = words.find(',');
        const std::string_view word = words.substr(0, comma);
        if (std::ranges::find(kStatusFilter, word) == kStatusFilter.end()) return false;
        if (comma == std::string_view::npos) return true;
        words.remove_prefix(comma + 1);
    }
}

/// Reads a query parameter in [least, most] into `number` when it is there; false when it is no such
/// number.
bool read_number(const Request& request, std::string_view name, std::size_t least, std::size_t most,
                 std::size_t& number) {
    const auto text = request.query_value(name);
    if (!text) return true;
    const auto read = to_number<std::size_t>(*text);
    if (read) number = *read;
    return read && number >= least && number <= most;
}

bool read_time(const Request& request, std::string_view name, WallTime& time) {
    const auto text = request.query_value(name);
    if (!text) return true;
    const auto read = from_rfc3339(*text);
    if (read) time = *read;
    return read.has_value();
}

Problem bad(std::string_view parameter, std::string_view wanted) {
    return {400, "Invalid query parameter", fmt::format("{} must be {}", parameter, wanted)};
}

void put_time(JsonWriter& writer, std::string_view key, std::optional<WallTime> time) {
    put_key(writer, key);
    if (time) {
        put_string(writer, to_rfc3339(*time));
    } else {
        writer.Null();
    }
}

void put_row(JsonWriter& writer, const Prediction& prediction, std::string_view model, Instant now) {
    const Phase phase = phase_at(prediction, now);
    const Duration whole = prediction.ends - prediction.created;
    const bool ended = phase == Phase::ended;
    writer.StartObject();
    put_member(writer, "id", prediction.id);
    put_member(writer, "model", model);
    put_key(writer, "requested_model");
    writer.Null();
    put_member(writer, "status", list_status(prediction, now));
    put_key(writer, "execution_cost");
    writer.Double(ended && is_billed(prediction) ? prediction.price : 0.0);
    put_key(writer, "run_time");
    writer.Double(ended ? std::chrono::duration<double>(whole).count() : 0.0);
    put_time(writer, "created_at", prediction.created_wall);
    put_time(writer, "started_at",
             phase == Phase::created ? std::nullopt : std::optional(prediction.created_wall + whole / 50));
    put_time(writer, "completed_at", ended ? std::optional(prediction.created_wall + whole) : std::nullopt);
    writer.EndObject();
}

/// The rows of a page, and how many there are on all pages.
struct Selection {
    std::vector<const Prediction*> rows;
    std::size_t matching = 0;
    bool capped = false;
};

Selection select(const Predictions& predictions, const std::vector<Model>& models, const ListQuery& query,
                 Stamp now, const ListFlaws& flaws) {
    Selection selection;
    const std::deque<Prediction>& all = predictions.all();
    const std::size_t counted_max = query.offset + query.limit + kListCountedMax;
    for (auto it = all.rbegin(); it != all.rend() && selection.matching < counted_max; ++it) {
        // Creation times never go back, so nothing older can match either.
        if (it->created_wall < query.from) break;
        if (it->created_wall > query.to || it->created + flaws.lag > now.at) continue;
        if (!query.model.empty() && models[it->model].slug != query.model) continue;
        if (!query.status.empty() && !lists(query.status, list_status(*it, now.at))) continue;
        // One more than the page has, to move up when another is left out.
        if (selection.matching >= query.offset && selection.rows.size() <= query.limit) {
            selection.rows.push_back(&*it);
        }
        ++selection.matching;
    }
    selection.capped = selection.matching == counted_max;
    auto& rows = selection.rows;
    const std::size_t due = std::min(rows.size(), query.limit);
    if (flaws.gap && due > 0) {
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(*flaws.gap * static_cast<double>(due)));
        --selection.matching;
    }
    rows.resize(std::min(rows.size(), query.limit));
    return selection;
}

} // namespace

std::variant<ListQuery, Problem> read_list_query(const Request& request, WallTime now) {
    ListQuery query;
    query.model = request.query_value("model").value_or("");
    query.status = request.query_value("status").value_or("");
    if (!query.status.empty() && !is_status_filter(query.status)) {
        return bad("status", "a comma-separated list of created, starting, success, error");
    }
    if (!read_number(request, "limit", 1, kListLimitMax, query.limit)) {
        return bad("limit", fmt::format("a number from 1 to {}", kListLimitMax));
    }
    if (!read_number(request, "offset", 0, kPredictionsMax, query.offset)) {
        return bad("offset", fmt::format("a number from 0 to {}", kPredictionsMax));
    }
    query.to = now;
    if (!read_time(request, "to", query.to)) return bad("to", "an RFC 3339 time");
    query.from = query.to - kListSpanDefault;
    if (!read_time(request, "from", query.from)) return bad("from", "an RFC 3339 time");
    return query;
}

std::string list_body(const Predictions& predictions, const std::vector<Model>& models,
                      const ListQuery& query, Stamp now, const ListFlaws& flaws) {
    const Selection selection = select(predictions, models, query, now, flaws);
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    put_key(writer, "executions");
    writer.StartArray();
    for (const Prediction* row : selection.rows) put_row(writer, *row, models[row->model].slug, now.at);
    writer.EndArray();
    put_key(writer, "total_count");
    writer.Uint64(selection.matching);
    put_key(writer, "total_capped");
    writer.Bool(selection.capped);
    put_key(writer, "offset");
    writer.Uint64(query.offset);
    put_key(writer, "limit");
    writer.Uint64(query.limit);
    writer.EndObject();
    return std::string(view(buffer));
}

} // namespace reeld::sandbox
