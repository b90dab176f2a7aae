# scalign_module(NAME DEPS modules... LIBS libraries... TEST_DEPS modules...)
# A module is a folder under src/: every NAME/*.cc is the library scalign_NAME, every
# NAME/*_test.cc belongs to the test program NAME_test. Sources are globbed on purpose: the tree
# alone says what belongs to a module.
function(scalign_module name)
  cmake_parse_arguments(M "" "" "DEPS;LIBS;TEST_DEPS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(NOT sources)
    return()
  endif()
  add_library(scalign_${name} STATIC ${sources})
  target_include_directories(scalign_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM M_DEPS PREPEND scalign_)
  target_link_libraries(scalign_${name} PUBLIC ${M_DEPS} PRIVATE ${M_LIBS})
  if(TARGET scalign_pch)
    target_precompile_headers(scalign_${name} REUSE_FROM scalign_pch)
  endif()

  if(tests)
    list(TRANSFORM M_TEST_DEPS PREPEND scalign_)
    scalign_test(${name} SOURCES ${tests} LIBS scalign_${name} ${M_TEST_DEPS} ${M_LIBS})
  endif()
endfunction()

# scalign_test(NAME SOURCES files... LIBS libraries... [TIMEOUT seconds])
# The GoogleTest program NAME_test, and the ctest NAME that runs it from the top of the tree.
function(scalign_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LIBS" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 300)
  endif()
  add_executable(${name}_test ${T_SOURCES})
  # The tree itself too, for tests/support.
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_precompile_headers(${name}_test REUSE_FROM scalign_test_pch)
  target_link_libraries(${name}_test PRIVATE ${T_LIBS} GTest::gmock GTest::gtest_main rapidcheck
                                             Threads::Threads)
  add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${T_TIMEOUT})
endfunction()

# scalign_included_modules(OUT files...)
# The libraries of the modules from which the files include headers: `#include "notice/policy.h"`
# asks for scalign_notice. For programs that span modules; a module's own edges are written out.
function(scalign_included_modules out)
  set(modules)
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} lines REGEX "^#include \"[a-z]+/")
    foreach(line ${lines})
      string(REGEX REPLACE "^#include \"([a-z]+)/.*" "scalign_\\1" module "${line}")
      if(TARGET ${module})
        list(APPEND modules ${module})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES modules)
  set(${out} ${modules} PARENT_SCOPE)
endfunction()
