#include "jobs/eachlabs/answers.h"
#include "jobs/eachlabs/http_date.h"
#include "jobs/eachlabs/json_body.h"
#include "jobs/eachlabs/no_news.h"
#include "jobs/eachlabs/prediction_id.h"
#include "jobs/eachlabs/requests.h"
#include "jobs/text/rfc3339.h"

namespace reeld::eachlabs {
namespace {

using rapidjson::Value;

// Documented is "executions". The other names, and an array without a name, cost nothing to understand.
const Value* rows_in(const Value& body) {
    if (body.IsArray()) return &body;
    for (const std::string_view name : {"executions", "data", "items"}) {
        const Value* rows = member(body, name);
        if (rows != nullptr && rows->IsArray()) return rows;
    }
    return nullptr;
}

// Some servers write an empty list as null. Null alone could as well mean that the list was not to be had,
// so the count must say it too.
bool says_empty(const Value& body) {
    if (!body.IsObject()) return false;
    const auto executions = body.FindMember("executions");
    if (executions == body.MemberEnd() || !executions->value.IsNull()) return false;
    const Value* count = member(body, "total_count");
    const Value* capped = member(body, "total_capped");
    return count != nullptr && count->IsInt() && count->GetInt() == 0 &&
           (capped == nullptr || capped->IsFalse());
}

// A server that cuts pages at a limit of its own fills them with fewer rows than were asked for.
bool is_cut_short(const Value& body, std::size_t rows) {
    const Value* limit = member(body, "limit");
    if (limit == nullptr || !limit->IsUint64()) return false;
    return limit->GetUint64() > 0 && limit->GetUint64() < kListLimit && rows >= limit->GetUint64();
}

// Documented as exact unless it says that it is capped.
std::optional<std::size_t> total_in(const Value& body) {
    const Value* count = member(body, "total_count");
    const Value* capped = member(body, "total_capped");
    if (count == nullptr || !count->IsUint64() || (capped != nullptr && !capped->IsFalse()))
        return std::nullopt;
    return count->GetUint64();
}

ExecutionPage read_rows(const Value& rows) {
    ExecutionPage page;
    page.rows = rows.Size();
    for (const Value& row : rows.GetArray()) {
        std::string id = prediction_id_in(row);
        if (id.empty()) {
            page.unreadable = true;
            continue;
        }
        page.executions.push_back({.id = std::move(id),
                                   .created_at = read_rfc3339(string_member(row, "created_at")),
                                   .model = std::string{string_member(row, "model")}});
    }
    return page;
}

} // namespace

ListVerdict read_list(const Answer& answer) {
    const auto body = answer.status == 200 ? parse_body(answer.body) : std::nullopt;
    const Value* rows = body ? rows_in(*body) : nullptr;
    if (rows == nullptr && !(body && says_empty(*body))) {
        NoNews news = no_news(answer, answer.status == 200 ? "no list of executions" : "");
        news.unknown_prediction = false; // None was asked for.
        return news;
    }
    ExecutionPage page = rows == nullptr ? ExecutionPage{} : read_rows(*rows);
    if (is_cut_short(*body, page.rows)) page.unreadable = true;
    page.total = total_in(*body);
    page.as_of = read_http_date(answer.date);
    return page;
}

} // namespace reeld::eachlabs
