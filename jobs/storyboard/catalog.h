/// The models that reeld knows: those built in, and those whose schema was learned from the provider.
///
/// A value: copy it, change it, throw it away. Reading it from several threads is fine.
#pragma once

#include "jobs/storyboard/model_schema.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reeld {

/// One model. Its input's parameters, in the schema's order, are `schema.input.properties`; a model without
/// any takes whatever the storyboard says.
struct CatalogModel {
    std::string slug;
    std::string title;       ///< May be empty.
    std::string description; ///< May be empty.
    ModelSchema schema;
    bool learned = false; ///< Not built in.
};

class Catalog {
public:
    /// The built-in models.
    Catalog();

    /// Adds a model from its JSON Schema (`request_schema` of the provider), or replaces what was learned
    /// before. Returns why it cannot be used ("is not JSON"), in which case nothing changes; the text may
    /// be anything. A built-in model stays as it is.
    [[nodiscard]] std::optional<std::string> learn(const std::string& slug, std::string_view schema_text);

    /// The model, or null when it is neither built in nor learned. Valid until the next learn().
    [[nodiscard]] const CatalogModel* find(std::string_view slug) const;

    /// Built-in models first, then the learned ones in the order in which they were.
    [[nodiscard]] const std::vector<CatalogModel>& models() const { return models_; }

    /// All slugs, in that order. Valid until the next learn().
    [[nodiscard]] std::vector<std::string_view> slugs() const;

private:
    std::vector<CatalogModel> models_;
};

} // namespace reeld
