// actors/saga/describe.h: names and values of a saga for the edges.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "actors/saga/step.h"
#include "engine/kernel/fields.h"

namespace tote::saga {

// "order:o1": what clients know it by.
std::string public_id(std::string_view kind, std::string_view id);

// id, kind, status and the list of steps.
void describe_view(std::string_view kind, std::string_view id, std::span<const Step> table, const Progress& progress,
                   Fields& fields);
void describe_changes(std::span<const Step> table, const Changes& changes, Fields& fields);
// What an operator must look at, empty unless it is stuck.
std::string alert_of(std::span<const Step> table, const Progress& progress);

}  // namespace tote::saga
