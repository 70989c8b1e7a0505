/// What `reeld models` prints.
#pragma once

#include "jobs/storyboard/catalog.h"

#include <string>

namespace reeld {

[[nodiscard]] std::string catalog_text(const Catalog& catalog);
/// `{"models": [{"slug", "title", "typical_seconds"}]}`
[[nodiscard]] std::string catalog_json(const Catalog& catalog);

[[nodiscard]] std::string model_text(const CatalogModel& model);
/// `{"slug", "title", "description", "typical_seconds", "parameters": [{"name", "required", "takes",
/// "default", "description"}]}`
[[nodiscard]] std::string model_json(const CatalogModel& model);

} // namespace reeld
