// The files of the page, as they lie in bundle/.
#pragma once

#include <string_view>

namespace tote::console {

std::string_view index_html();
std::string_view console_js();
std::string_view console_css();
std::string_view icon_svg();

}  // namespace tote::console
