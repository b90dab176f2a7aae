# Templates, style sheets and scripts become part of the library of pages; so do the fonts, which are
# made from those of npm by the Python of Debian (python3-fonttools, python3-brotli).
file(GLOB web_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
     ${CMAKE_SOURCE_DIR}/web/templates/*.mustache ${CMAKE_SOURCE_DIR}/web/css/*.css
     ${CMAKE_SOURCE_DIR}/web/js/*.js)
scalign_embed(scalign_pages pages::web ${web_files})

find_program(DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
set(fonts_dir ${CMAKE_CURRENT_BINARY_DIR}/fonts)
set(fonts serif.woff2 grotesk.woff2 mono.woff2 serif-ext.woff2 grotesk-ext.woff2)
list(TRANSFORM fonts PREPEND ${fonts_dir}/ OUTPUT_VARIABLE font_files)
file(MAKE_DIRECTORY ${fonts_dir})
add_custom_command(
  OUTPUT ${font_files}
  COMMAND ${DEBIAN_PYTHON} ${CMAKE_SOURCE_DIR}/web/fonts/subset.py ${CMAKE_SOURCE_DIR}/node_modules
          ${fonts_dir}
  DEPENDS ${CMAKE_SOURCE_DIR}/web/fonts/subset.py ${CMAKE_SOURCE_DIR}/package-lock.json
  COMMENT "Making the fonts of pages"
  VERBATIM)
add_custom_command(
  OUTPUT ${fonts_dir}/fonts.cc
  COMMAND python3 ${CMAKE_SOURCE_DIR}/cmake/embed.py pages::fonts ${fonts_dir} ${fonts_dir}/fonts.cc
          ${fonts}
  DEPENDS ${font_files} ${CMAKE_SOURCE_DIR}/cmake/embed.py
  VERBATIM)
target_sources(scalign_pages PRIVATE ${fonts_dir}/fonts.cc)

# The application: built by Vite into files with hashed names, which are known only then. Vite wants
# Node 20.19: that of npm's package for this machine, where set-up has put it, before any other.
file(GLOB npm_node ${CMAKE_SOURCE_DIR}/node_modules/node-linux-*/bin)
find_program(NODE node HINTS ${npm_node} REQUIRED)
set(app_dir ${CMAKE_CURRENT_BINARY_DIR}/web_app)
file(GLOB_RECURSE app_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/app/src/*
     ${CMAKE_SOURCE_DIR}/client/*.ts)
list(FILTER app_sources EXCLUDE REGEX "_test\\.ts$")
add_custom_command(
  OUTPUT ${app_dir}/manifest.json
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/node_modules/vite/bin/vite.js build ${CMAKE_SOURCE_DIR}/web/app
          --outDir ${app_dir} --emptyOutDir
  DEPENDS ${app_sources} ${CMAKE_SOURCE_DIR}/web/app/vite.config.mjs ${CMAKE_SOURCE_DIR}/package-lock.json
  COMMENT "Building the application"
  VERBATIM)
add_custom_command(
  OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/web_app.cc
  COMMAND python3 ${CMAKE_SOURCE_DIR}/cmake/embed.py pages::application ${app_dir}
          ${CMAKE_CURRENT_BINARY_DIR}/web_app.cc --all
  DEPENDS ${app_dir}/manifest.json ${CMAKE_SOURCE_DIR}/cmake/embed.py
  VERBATIM)
target_sources(scalign_pages PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/web_app.cc)

# Every page with sample data as files, to look at: pages_preview DIRECTORY
add_executable(pages_preview EXCLUDE_FROM_ALL pages/preview/main.cc)
target_link_libraries(pages_preview PRIVATE scalign_pages)
