# Compiler, linker, cache and warnings: the same for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers need these two, or every cached object is a miss.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wimplicit-fallthrough
                    -Wnon-virtual-dtor -Woverloaded-virtual
                    # TRY is a statement expression; both compilers we support have it.
                    -Wno-gnu-statement-expression-from-macro-expansion
                    -Xclang -fno-pch-timestamp
                    -fstack-protector-strong)
add_link_options(-fuse-ld=lld-19)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-D_FORTIFY_SOURCE=2)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2")  # no NDEBUG: CHECK stays on
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")
endif()
if(SCALIGN_SANITIZE)
  add_compile_options(-fsanitize=${SCALIGN_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SCALIGN_SANITIZE})
endif()
if(SCALIGN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
