# Compiler, linker, cache and warnings: the same for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# One cache for all build directories and checkouts. Paths are hashed relative to the tree, and the
# precompiled header is known by a checksum that we write (its bytes hold absolute paths, so they
# differ where nothing else does): see scalign_pch_checksum.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 ${CCACHE})
endif()
# CMake names the header beside its precompiled form, by an absolute path: a miss in the cache.
set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -Xclang -include-pch -Xclang <PCH_FILE>)

# scalign_pch_checksum(TARGET): what the precompiled header of TARGET depends on besides the flags,
# which are hashed anyway.
function(scalign_pch_checksum target)
  get_target_property(headers ${target} PRECOMPILE_HEADERS)
  execute_process(COMMAND dpkg-query -W libstdc++-12-dev libc6-dev OUTPUT_VARIABLE library)
  string(SHA256 sum "${CMAKE_CXX_COMPILER_VERSION};${library};${headers}")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.pch.sum
       CONTENT "${sum}\n")
endfunction()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wimplicit-fallthrough
                    -Wnon-virtual-dtor -Woverloaded-virtual
                    # TRY is a statement expression; both compilers we support have it.
                    -Wno-gnu-statement-expression-from-macro-expansion
                    -Xclang -fno-pch-timestamp
                    # Only programs are built: one kind of code, so that they share precompiled
                    # headers with the libraries.
                    -fPIE -fstack-protector-strong)
add_link_options(-fuse-ld=lld-19 -pie -Wl,-z,relro,-z,now)
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
  # Without the checks that address sanitizing makes anyway: they cost a third of the build.
  add_compile_options(-fsanitize=fuzzer-no-link
                      -fno-sanitize=null,alignment,vptr,object-size,pointer-overflow)
endif()
if(SCALIGN_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
