# One library a folder. Links point the way includes may: cli -> run -> learn -> data -> core, results -> core.
add_library(scant_options INTERFACE)
target_include_directories(scant_options INTERFACE ${PROJECT_SOURCE_DIR})
# -ffp-contract=off: the same source gives the same bits whether or not the compiler finds an FMA.
target_compile_options(scant_options INTERFACE -Wall -Wextra -ffp-contract=off $<$<BOOL:${SCANT_WERROR}>:-Werror>)
target_compile_definitions(scant_options INTERFACE SCANT_VERSION="${PROJECT_VERSION}")

file(GLOB core_sources CONFIGURE_DEPENDS harness/core/*.cpp)
add_library(scant_core STATIC ${core_sources})
target_link_libraries(scant_core PUBLIC scant_options fmt::fmt nlohmann_json::nlohmann_json
  PRIVATE tomlplusplus::tomlplusplus SQLite::SQLite3 OpenSSL::Crypto Threads::Threads)

file(GLOB results_sources CONFIGURE_DEPENDS results/*.cpp results/statistics/*.cpp results/figures/*.cpp results/report/*.cpp
  results/logs/*.cpp results/leaderboard/*.cpp results/regression/*.cpp)
add_library(scant_results STATIC ${results_sources})
# g++ 12 warns falsely about std::string's operator+ at -O3 (GCC bug 105651).
target_compile_options(scant_results PRIVATE -Wno-restrict)
target_link_libraries(scant_results PUBLIC scant_core PRIVATE Boost::headers tomlplusplus::tomlplusplus)
target_compile_definitions(scant_results PRIVATE SCANT_PUBLISHED="${PROJECT_SOURCE_DIR}/results/published")
# The report's files lie inside the program. The assembler reads them, so neither the compiler nor ccache sees that they
# changed: their digest is part of the command.
set(report_files ${PROJECT_SOURCE_DIR}/results/report/page.html ${PROJECT_SOURCE_DIR}/results/report/page.css
  ${PROJECT_SOURCE_DIR}/results/report/page.js ${SCANT_VEGA_FILES})
list(GET SCANT_VEGA_FILES 0 vega_file)
list(GET SCANT_VEGA_FILES 1 vega_lite_file)
list(GET SCANT_VEGA_FILES 2 vega_licence)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${report_files})
set(report_digests "")
foreach(file ${report_files})
  file(SHA256 ${file} digest)
  string(APPEND report_digests ${digest})
endforeach()
string(SHA256 report_digest "${report_digests}")
set_source_files_properties(results/report/assets.cpp PROPERTIES OBJECT_DEPENDS "${report_files}" COMPILE_DEFINITIONS
  "SCANT_REPORT_DIGEST=${report_digest};SCANT_REPORT_FOLDER=\"${PROJECT_SOURCE_DIR}/results/report\";SCANT_VEGA_FILE=\"${vega_file}\";SCANT_VEGA_LITE_FILE=\"${vega_lite_file}\";SCANT_VEGA_LICENCE=\"${vega_licence}\"")

# Banks, resizing, splits: builds anywhere.
file(GLOB data_sources CONFIGURE_DEPENDS harness/data/*.cpp)
add_library(scant_data STATIC ${data_sources})
target_link_libraries(scant_data PUBLIC scant_core PRIVATE tomlplusplus::tomlplusplus Threads::Threads)
target_compile_definitions(scant_data PUBLIC SCANT_WITH_IO=$<BOOL:${SCANT_WITH_IO}> PRIVATE SCANT_CARDS="${PROJECT_SOURCE_DIR}/datasets")

# What needs OpenCV, GDAL, libarchive or libcurl: readers, fetch, and the generator of embedded data.
if(SCANT_WITH_IO)
  file(GLOB io_sources CONFIGURE_DEPENDS harness/data/io/*.cpp)
  add_library(scant_io STATIC ${io_sources})
  target_link_libraries(scant_io PUBLIC scant_data PRIVATE opencv_core opencv_imgproc opencv_imgcodecs GDAL::GDAL LibArchive::LibArchive)
  file(GLOB fetch_sources CONFIGURE_DEPENDS harness/data/fetch/*.cpp)
  add_library(scant_fetch STATIC ${fetch_sources})
  target_link_libraries(scant_fetch PUBLIC scant_data PRIVATE LibArchive::LibArchive CURL::libcurl)
  # Every reader has a `files` and a `decode` of its own.
  set_target_properties(scant_io scant_fetch PROPERTIES UNITY_BUILD OFF)
  file(GLOB dataset_sources CONFIGURE_DEPENDS datasets/*/*.cpp)
  add_library(scant_datasets STATIC ${dataset_sources})
  target_link_libraries(scant_datasets PUBLIC scant_data PRIVATE opencv_core opencv_imgproc opencv_imgcodecs GDAL::GDAL)
  # load_dataset calls readers and generator: a cycle between static libraries, which CMake resolves.
  target_link_libraries(scant_data INTERFACE scant_io scant_fetch scant_datasets)
endif()

file(GLOB kernel_sources CONFIGURE_DEPENDS harness/learn/kernels/*.cpp)
file(GLOB learn_sources CONFIGURE_DEPENDS harness/learn/*.cpp harness/learn/backbones/*.cpp harness/learn/probe/*.cpp methods/parts/*.cpp)
add_library(scant_learn STATIC ${learn_sources} ${kernel_sources})
# Plain arrays, no torch: products and sums may be fused there, whatever scant_options says of the rest.
set_source_files_properties(${kernel_sources} PROPERTIES SKIP_PRECOMPILE_HEADERS ON
  SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS "-ffp-contract=fast;-O3;-Wno-psabi")
# SYSTEM: LibTorch's headers do not survive -Wextra.
target_include_directories(scant_learn SYSTEM PUBLIC ${TORCH_INCLUDE_DIRS})
target_link_libraries(scant_learn PUBLIC scant_data ${TORCH_LIBRARIES} PRIVATE ${CMAKE_DL_LIBS})
target_precompile_headers(scant_learn PRIVATE harness/learn/compat.hpp)
if(TORCH_CUDA_LIBRARIES)
  # PUBLIC: whoever shares the precompiled header must share its definitions.
  target_compile_definitions(scant_learn PUBLIC SCANT_CUDA)
  target_include_directories(scant_learn SYSTEM PRIVATE ${CUDA_INCLUDE_DIRS})
endif()

# Plug-ins are an OBJECT library: a static one would let the linker drop the objects that register them.
file(GLOB plugin_sources CONFIGURE_DEPENDS methods/*.cpp baselines/*.cpp)
add_library(scant_plugins OBJECT ${plugin_sources})
target_link_libraries(scant_plugins PUBLIC scant_learn)
target_precompile_headers(scant_plugins REUSE_FROM scant_learn)

file(GLOB run_sources CONFIGURE_DEPENDS harness/run/*.cpp)
add_library(scant_run STATIC ${run_sources})
target_link_libraries(scant_run PUBLIC scant_learn)
target_precompile_headers(scant_run REUSE_FROM scant_learn)

file(GLOB conform_sources CONFIGURE_DEPENDS harness/conform/*.cpp)
add_library(scant_conform OBJECT ${conform_sources})
target_link_libraries(scant_conform PUBLIC scant_run scant_results)
target_precompile_headers(scant_conform REUSE_FROM scant_learn)

file(GLOB cli_sources CONFIGURE_DEPENDS harness/cli/*.cpp)
list(REMOVE_ITEM cli_sources ${PROJECT_SOURCE_DIR}/harness/cli/main.cpp)
if(NOT SCANT_WITH_IO)
  list(REMOVE_ITEM cli_sources ${PROJECT_SOURCE_DIR}/harness/cli/fetch.cpp)
endif()
add_library(scant_cli STATIC ${cli_sources})
target_link_libraries(scant_cli PUBLIC scant_run scant_results CLI11::CLI11)
target_precompile_headers(scant_cli REUSE_FROM scant_learn)

add_executable(scant harness/cli/main.cpp)
target_link_libraries(scant PRIVATE scant_cli scant_plugins scant_conform)
