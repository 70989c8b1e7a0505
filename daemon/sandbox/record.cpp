#include "daemon/sandbox/record.h"

#include "daemon/sandbox/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace reeld::sandbox {

namespace {

std::int64_t micros(WallTime time) {
    return time.time_since_epoch().count();
}

void put_micros(JsonWriter& writer, std::string_view key, WallTime time) {
    put_key(writer, key);
    writer.Int64(micros(time));
}

std::optional<WallTime> time_member(const rapidjson::Value& object, const char* name) {
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsInt64()) return std::nullopt;
    return WallTime{Duration{member->value.GetInt64()}};
}

/// Where a calendar time lies on the clock of this process.
Instant instant_of(WallTime time, Stamp now) {
    return now.at + (time - now.wall);
}

std::variant<Prediction, Cancellation, std::string>
read_creation(const rapidjson::Document& line, const std::vector<Model>& models, Stamp now) {
    const std::string_view slug = string_member(line, "model");
    const auto model = std::ranges::find(models, slug, &Model::slug);
    if (model == models.end()) {
        return fmt::format("it is of the model {}, which this sandbox does not have; add --model {}", slug,
                           slug);
    }
    const auto created = time_member(line, "created_us");
    const auto ends = time_member(line, "ends_us");
    const auto ending = ending_named(string_member(line, "ending"));
    const auto input = line.FindMember("input");
    const auto shape = line.FindMember("shape");
    const auto price = line.FindMember("price");
    if (!created || !ends || !ending || input == line.MemberEnd() || !input->value.IsObject() ||
        shape == line.MemberEnd() || !shape->value.IsUint() ||
        shape->value.GetUint() >= static_cast<unsigned>(OutputShape::mixed) || price == line.MemberEnd() ||
        !price->value.IsNumber()) {
        return std::string("a field of the prediction is missing or has the wrong type");
    }
    Prediction prediction;
    prediction.id = string_member(line, "id");
    prediction.model = static_cast<std::size_t>(model - models.begin());
    prediction.input = canonical_json(input->value);
    prediction.created = instant_of(*created, now);
    prediction.ends = instant_of(*ends, now);
    prediction.created_wall = *created;
    prediction.ending = *ending;
    prediction.says_failed = string_member(line, "failure_word") == "failed";
    prediction.shape = static_cast<OutputShape>(shape->value.GetUint());
    prediction.price = price->value.GetDouble();
    const auto foreign = line.FindMember("foreign");
    prediction.foreign = foreign != line.MemberEnd() && foreign->value.IsTrue();
    prediction.webhook.url = string_member(line, "webhook_url");
    prediction.webhook.secret = string_member(line, "webhook_secret");
    prediction.from_state_file = true;
    return prediction;
}

} // namespace

std::string record_of_creation(const Prediction& prediction, std::string_view model) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    put_member(writer, "event", "created");
    put_member(writer, "id", prediction.id);
    put_member(writer, "model", model);
    put_key(writer, "input");
    writer.RawValue(prediction.input.data(), prediction.input.size(), rapidjson::kObjectType);
    put_micros(writer, "created_us", prediction.created_wall);
    put_micros(writer, "ends_us", prediction.created_wall + (prediction.ends - prediction.created));
    put_member(writer, "ending", words_of(prediction.ending).name);
    put_member(writer, "failure_word", prediction.says_failed ? "failed" : "error");
    put_key(writer, "shape");
    writer.Uint(static_cast<unsigned>(prediction.shape));
    put_key(writer, "price");
    writer.Double(prediction.price);
    if (!prediction.webhook.url.empty()) {
        put_member(writer, "webhook_url", prediction.webhook.url);
        put_member(writer, "webhook_secret", prediction.webhook.secret);
    }
    if (prediction.foreign) {
        put_key(writer, "foreign");
        writer.Bool(true);
    }
    writer.EndObject();
    return std::string(view(buffer));
}

std::string record_of_cancellation(const Prediction& prediction, Stamp now) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    put_member(writer, "event", "cancelled");
    put_member(writer, "id", prediction.id);
    put_micros(writer, "at_us", now.wall);
    writer.EndObject();
    return std::string(view(buffer));
}

std::variant<Prediction, Cancellation, std::string> read_record(std::string_view line,
                                                                const std::vector<Model>& models, Stamp now) {
    rapidjson::Document document;
    if (std::string fault = parse_json(line, document); !fault.empty()) return fault;
    if (!document.IsObject() || string_member(document, "id").empty()) {
        return std::string("it names no prediction");
    }
    const std::string_view event = string_member(document, "event");
    if (event == "created") return read_creation(document, models, now);
    const auto at = time_member(document, "at_us");
    if (event != "cancelled" || !at) return std::string("it is neither a creation nor a cancellation");
    return Cancellation{std::string(string_member(document, "id")), instant_of(*at, now)};
}

} // namespace reeld::sandbox
