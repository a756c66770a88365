// Takes files into the program as they are: the assembler reads them, so that no generated source has to be compiled.
#include "results/report/assets.hpp"

// NOLINTBEGIN(cppcoreguidelines-macro-usage): a symbol's name and the file's path must be literal for the assembler.
#define SCANT_ASSET(name, path)                                                                                \
  asm(".section .rodata\n.global scant_asset_" #name "\n.global scant_asset_end_" #name "\nscant_asset_" #name \
      ":\n.incbin \"" path "\"\nscant_asset_end_" #name ":\n.byte 0\n.previous\n");                            \
  extern "C" const char scant_asset_##name[], scant_asset_end_##name[];                                        \
  std::string_view scant::assets::name() {                                                                     \
    return {scant_asset_##name, static_cast<std::size_t>(scant_asset_end_##name - scant_asset_##name)};        \
  }

SCANT_ASSET(skeleton, SCANT_REPORT_FOLDER "/page.html")
SCANT_ASSET(style, SCANT_REPORT_FOLDER "/page.css")
SCANT_ASSET(behaviour, SCANT_REPORT_FOLDER "/page.js")
SCANT_ASSET(vega, SCANT_VEGA_FILE)
SCANT_ASSET(vega_lite, SCANT_VEGA_LITE_FILE)
SCANT_ASSET(vega_licence, SCANT_VEGA_LICENCE)
// NOLINTEND(cppcoreguidelines-macro-usage)
