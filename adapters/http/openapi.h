// GET /openapi.json: an OpenAPI 3.1 document of every route (routes.h) with the problems of the catalog.
#pragma once

#include <string>

namespace tote::http {

const std::string& openapi_document();  // made on first use

}  // namespace tote::http
