// The files that a report is made of, as they lie inside the program.
#pragma once
#include <string_view>

namespace scant::assets {

std::string_view skeleton();   // page.html
std::string_view style();      // page.css
std::string_view behaviour();  // page.js
/// Empty where the program was built without Vega (SCANT_VEGA=OFF, or npm's registry out of reach).
std::string_view vega();
std::string_view vega_lite();
std::string_view vega_licence();  // of both

}  // namespace scant::assets
