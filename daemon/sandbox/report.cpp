#include "daemon/sandbox/report.h"

#include "daemon/sandbox/json.h"

#include <fmt/format.h>
#include <iterator>

namespace reeld::sandbox {

namespace {

using Counts = std::map<std::string, std::uint64_t>;

/// Groups of identical inputs that a person is shown; the JSON has them all.
constexpr std::size_t kGroupsShownMax = 10;

void put_count(JsonWriter& writer, std::string_view key, std::uint64_t count) {
    put_key(writer, key);
    writer.Uint64(count);
}

void put_counts(JsonWriter& writer, std::string_view key, const Counts& counts) {
    put_key(writer, key);
    writer.StartObject();
    for (const auto& [name, count] : counts) put_count(writer, name, count);
    writer.EndObject();
}

void put_seconds(JsonWriter& writer, std::string_view key, std::optional<double> number) {
    put_key(writer, key);
    if (number) {
        writer.Double(*number);
    } else {
        writer.Null();
    }
}

void put_groups(JsonWriter& writer, std::string_view key,
                const std::vector<std::vector<std::string>>& groups) {
    put_key(writer, key);
    writer.StartArray();
    for (const auto& group : groups) {
        writer.StartArray();
        for (const std::string& id : group) put_string(writer, id);
        writer.EndArray();
    }
    writer.EndArray();
}

std::string listed(const Counts& counts) {
    std::string text;
    for (const auto& [name, count] : counts) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
    }
    return text.empty() ? "none" : text;
}

std::string schedule_line(const Report& report) {
    if (!report.ideal_makespan_s) return "nothing was rendered";
    if (!report.makespan_s) {
        return fmt::format("no end was observed; ideal {:.2f} s", *report.ideal_makespan_s);
    }
    std::string line = fmt::format("{:.2f} s from the first create to the last end observed, ideal {:.2f} s",
                                   *report.makespan_s, *report.ideal_makespan_s);
    if (report.makespan_over_ideal) return line + fmt::format(", ratio {:.3f}", *report.makespan_over_ideal);
    return line + fmt::format("; ends never observed: {}", report.ends_unobserved);
}

} // namespace

std::string to_json(const Report& report) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    put_count(writer, "creates_arrived", report.creates_arrived);
    put_count(writer, "creates_accepted", report.creates_accepted);
    put_counts(writer, "refused", report.refused);
    put_counts(writer, "misbehaved", report.misbehaved);
    put_count(writer, "predictions", report.predictions);
    put_count(writer, "creates_pending", report.creates_pending);
    put_count(writer, "foreign", report.foreign);
    put_count(writer, "most_creates_in_window", report.most_creates_in_window);
    put_count(writer, "most_in_flight", report.most_in_flight);
    put_groups(writer, "identical_inputs", report.identical_inputs);
    put_count(writer, "polls", report.polls);
    put_seconds(writer, "polls_per_prediction_mean", report.polls_per_prediction_mean);
    put_count(writer, "polls_per_prediction_max", report.polls_per_prediction_max);
    put_count(writer, "cancels", report.cancels);
    put_count(writer, "lists", report.lists);
    put_count(writer, "webhooks", report.webhooks);
    put_count(writer, "webhooks_accepted", report.webhooks_accepted);
    put_count(writer, "forgeries_accepted", report.forgeries_accepted);
    put_count(writer, "ends_unobserved", report.ends_unobserved);
    put_seconds(writer, "makespan_s", report.makespan_s);
    put_seconds(writer, "ideal_makespan_s", report.ideal_makespan_s);
    put_seconds(writer, "makespan_over_ideal", report.makespan_over_ideal);
    writer.EndObject();
    return std::string(view(buffer));
}

std::string to_text(const Report& report) {
    std::string text;
    const auto out = std::back_inserter(text);
    fmt::format_to(out, "creates     {} arrived, {} accepted\n", report.creates_arrived,
                   report.creates_accepted);
    fmt::format_to(out, "refused     {}\n", listed(report.refused));
    fmt::format_to(out, "misbehaved  {}\n", listed(report.misbehaved));
    fmt::format_to(out, "at most     {} creates in a window, {} predictions at once\n",
                   report.most_creates_in_window, report.most_in_flight);
    fmt::format_to(out, "polls       {}; {:.1f} a prediction, {} at most\n", report.polls,
                   report.polls_per_prediction_mean, report.polls_per_prediction_max);
    fmt::format_to(out, "others      {} cancels, {} lists\n", report.cancels, report.lists);
    if (report.webhooks > 0) {
        fmt::format_to(out, "webhooks    {} posted, {} accepted, and {} forged ones\n", report.webhooks,
                       report.webhooks_accepted, report.forgeries_accepted);
    }
    if (report.creates_pending > 0) {
        fmt::format_to(out, "late        {} creates whose prediction is still to come\n",
                       report.creates_pending);
    }
    if (report.foreign > 0) {
        fmt::format_to(out, "foreign     {} predictions of another program\n", report.foreign);
    }
    fmt::format_to(out, "makespan    {}\n", schedule_line(report));
    fmt::format_to(out, "identical   {}\n",
                   report.identical_inputs.empty()
                       ? std::string("no input was created twice")
                       : fmt::format("{} inputs were created more than once (so are the takes of a shot):",
                                     report.identical_inputs.size()));
    std::size_t shown = 0;
    for (const auto& group : report.identical_inputs) {
        if (++shown > kGroupsShownMax) {
            text += "            … and more; GET /report has them all\n";
            break;
        }
        fmt::format_to(out, "            {}\n", fmt::join(group, " "));
    }
    return text;
}

} // namespace reeld::sandbox
