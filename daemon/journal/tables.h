/// The journal's tables together, as one transaction writes them.
#pragma once

#include "daemon/journal/batch_table.h"
#include "daemon/journal/event_table.h"
#include "daemon/journal/learned_model_table.h"
#include "daemon/journal/meta_table.h"

namespace reeld {

struct Tables {
    explicit Tables(Database& db) : meta(db), batches(db), events(db), learned_models(db) {}

    MetaTable meta;
    BatchTable batches;
    EventTable events;
    LearnedModelTable learned_models;
};

} // namespace reeld
