/// The videos that a prediction's `output` names, whatever its shape.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <vector>

namespace reeld::eachlabs {

/// More than any model makes of one create; the rest is dropped.
inline constexpr std::size_t kUrlsMax = 64;

/// The longest URL that is one: signed URLs of object stores have about 1,500 bytes.
inline constexpr std::size_t kUrlBytesMax = 8192;

/// Whether `text` is an absolute http or https URL with a host and without blanks or control characters.
/// What a manifest calls a URL is opened by other people's scripts.
[[nodiscard]] bool is_web_url(std::string_view text);

/// Every URL of `output`, each once, the video first: a string, an object with `url`, an array of either, or
/// one of these inside an object or array. In an object, names that mean the video go before all others; the
/// others are read only when those name nothing, so that a thumbnail is never taken for the clip while an
/// unknown shape still does not lose what was paid for. Characters that nobody sees are percent-encoded.
[[nodiscard]] std::vector<std::string> output_urls(const rapidjson::Value& output);

} // namespace reeld::eachlabs
