/// GET /v1/executions: every prediction of the account, newest first, without its input.
#pragma once

#include "daemon/sandbox/models.h"
#include "daemon/sandbox/predictions.h"
#include "daemon/sandbox/reply.h"

#include <optional>
#include <variant>

namespace reeld::sandbox {

inline constexpr int kListLimitDefault = 20;
inline constexpr int kListLimitMax = 100;

/// Rows beyond the page that are still looked at to count them; then `total_capped` says that there are
/// more.
inline constexpr std::size_t kListCountedMax = 1'000;

struct ListQuery {
    std::string model;  ///< Empty: all.
    std::string status; ///< Comma-separated, as it came; checked. Empty: all.
    WallTime from;      ///< Inclusive, like `to`.
    WallTime to;
    std::size_t limit = kListLimitDefault;
    std::size_t offset = 0;
};

/// `from` is 90 days before `to` by default, `to` is now. Every fault is a 400 that names its parameter.
[[nodiscard]] std::variant<ListQuery, Problem> read_list_query(const Request& request, WallTime now);

/// How a page lies.
struct ListFlaws {
    Duration lag{}; ///< Predictions created in the last `lag` are left out, as if they had not happened.

    /// Of the rows that the page should have, the one at this part of its length, in [0, 1), is left out;
    /// those behind it move up. So a full page stays full, and pages that follow each other have a gap.
    std::optional<double> gap;
};

/// The page.
[[nodiscard]] std::string list_body(const Predictions& predictions, const std::vector<Model>& models,
                                    const ListQuery& query, Stamp now, const ListFlaws& flaws);

} // namespace reeld::sandbox
