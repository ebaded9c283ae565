#include "adapters/http/labels.h"

namespace tote::http {

Labels read_labels(JsonObject& body) {
  Labels labels{std::string(body.text_or_none("reference")), body.texts_or_none("metadata")};
  if (!labels.is_valid())
    body.refuse(labels.metadata.empty() ? "reference" : "metadata",
                "isn't good: reference and metadata have " + std::to_string(Labels::bytes_max) +
                    " bytes at most, names that aren't empty, and no control characters");
  return labels;
}

}  // namespace tote::http
