#include "jobs/storyboard/catalog.h"

#include "jobs/models/known_models.h"

#include <algorithm>
#include <cassert>

namespace reeld {

namespace {

CatalogModel make_model(std::string_view slug, ModelSchema&& schema, bool learned) {
    CatalogModel model{.slug = std::string(slug),
                       .title = schema.input.title,
                       .description = schema.input.description,
                       .schema = {},
                       .learned = learned};
    model.schema = std::move(schema);
    return model;
}

} // namespace

Catalog::Catalog() {
    for (const KnownModel& known : known_models()) {
        ModelSchemaRead read = read_model_schema(known.schema);
        assert(read.schema && "a built-in schema is checked by the tests");
        if (read.schema) models_.push_back(make_model(known.slug, std::move(*read.schema), false));
    }
}

std::optional<std::string> Catalog::learn(const std::string& slug, std::string_view schema_text) {
    const auto known = std::find_if(models_.begin(), models_.end(),
                                    [&](const CatalogModel& model) { return model.slug == slug; });
    if (known != models_.end() && !known->learned) return std::nullopt;
    ModelSchemaRead read = read_model_schema(schema_text);
    if (!read.schema) return read.error;

    CatalogModel learned = make_model(slug, std::move(*read.schema), true);
    // What a stranger's schema says about our own extensions counts for nothing.
    learned.schema.advice.clear();
    if (known != models_.end()) {
        *known = std::move(learned);
    } else {
        models_.push_back(std::move(learned));
    }
    return std::nullopt;
}

const CatalogModel* Catalog::find(std::string_view slug) const {
    const auto found = std::find_if(models_.begin(), models_.end(),
                                    [slug](const CatalogModel& model) { return model.slug == slug; });
    return found == models_.end() ? nullptr : &*found;
}

std::vector<std::string_view> Catalog::slugs() const {
    std::vector<std::string_view> slugs;
    for (const CatalogModel& model : models_) slugs.push_back(model.slug);
    return slugs;
}

} // namespace reeld
