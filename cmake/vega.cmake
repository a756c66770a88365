# Vega and Vega-Lite for the report's figures: npm's packages, taken from its registry by version and digest, so that
# neither node nor npm is needed. Without them reports show the same figures as pictures.
option(SCANT_VEGA "Put Vega into reports; needs npm's registry once, at configure time" ON)
set(SCANT_NPM_REGISTRY "https://registry.npmjs.org" CACHE STRING "Where npm packages come from")

# Sets <result> to the unpacked package's folder, or to "" where it cannot be had.
function(scant_npm_package result name version sha512)
  set(folder ${CMAKE_BINARY_DIR}/npm/${name}-${version})
  if(NOT EXISTS ${folder}/package/package.json)
    set(archive ${folder}.tgz)
    file(DOWNLOAD ${SCANT_NPM_REGISTRY}/${name}/-/${name}-${version}.tgz ${archive} TIMEOUT 120 STATUS status)
    list(GET status 0 code)
    set(digest "")
    if(code EQUAL 0)
      file(SHA512 ${archive} digest)
    endif()
    if(NOT digest STREQUAL sha512)
      message(WARNING "${name} ${version} could not be had from ${SCANT_NPM_REGISTRY} (${status}, SHA-512 \"${digest}\"): "
                      "reports will show pictures. Configure again to retry")
      file(REMOVE ${archive})
      set(${result} "" PARENT_SCOPE)
      return()
    endif()
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${folder})
  endif()
  set(${result} ${folder}/package PARENT_SCOPE)
endfunction()

set(vega_folder "")
set(vega_lite_folder "")
if(SCANT_VEGA)
  scant_npm_package(vega_folder vega 6.4.0
    ac75c2ab62e911608b3235c1123ee1a1c63d1b4fe2e5319845ac861928f4e954c5e3e976206d99ee87992828d66d487fee14c4fe65616da38f07bdb0084961ea)
  scant_npm_package(vega_lite_folder vega-lite 6.4.3
    77fee13e37f3e7ad14111690b9398680855f5c07b783684959e0be8a00de686a2151d12836b1cb5e047fc933814fcbd5fe522eb8a9f0fb4ff15966e5903c2431)
endif()
if(vega_folder AND vega_lite_folder)
  set(SCANT_VEGA_FILES ${vega_folder}/build/vega.min.js ${vega_lite_folder}/build/vega-lite.min.js ${vega_folder}/LICENSE)
else()
  set(nothing ${CMAKE_BINARY_DIR}/npm/nothing)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/npm)
  file(TOUCH ${nothing})
  set(SCANT_VEGA_FILES ${nothing} ${nothing} ${nothing})
endif()
