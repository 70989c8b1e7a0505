#include "daemon/http/reply.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace reeld::http {

Reply refuse(const Refusal& refusal) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto put = [&writer](const char* name, const std::string& text) {
        writer.Key(name);
        writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    };
    writer.StartObject();
    writer.Key("error");
    writer.StartObject();
    put("message", refusal.message);
    if (!refusal.remedy.empty()) put("remedy", refusal.remedy);
    writer.EndObject();
    writer.EndObject();
    Reply reply;
    reply.status = refusal.status;
    reply.body.assign(buffer.GetString(), buffer.GetSize());
    return reply;
}

} // namespace reeld::http
