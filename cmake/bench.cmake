# Google Benchmark programs, one a file: build/bench_<name>.
find_package(benchmark REQUIRED)
file(GLOB bench_sources CONFIGURE_DEPENDS tests/bench/*.cpp)
foreach(source ${bench_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(bench_${name} EXCLUDE_FROM_ALL ${source})
  target_link_libraries(bench_${name} PRIVATE scant_run scant_results scant_plugins benchmark::benchmark_main)
  target_precompile_headers(bench_${name} REUSE_FROM scant_learn)
  target_compile_options(bench_${name} PRIVATE -fPIC)  # as in tests.cmake
  list(APPEND bench_targets bench_${name})
endforeach()
add_executable(bench_ratios EXCLUDE_FROM_ALL tests/bench/ratios/main.cpp)
target_link_libraries(bench_ratios PRIVATE fmt::fmt nlohmann_json::nlohmann_json)
add_custom_target(bench DEPENDS ${bench_targets} bench_ratios)
