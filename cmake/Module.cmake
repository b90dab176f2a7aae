# scalign_module(NAME DEPS modules... LIBS libraries...)
# A module is a folder under src/: every NAME/*.cc is the library scalign_NAME, every
# NAME/*_test.cc belongs to the test program NAME_test. Sources are globbed on purpose: the tree
# alone says what belongs to a module.
function(scalign_module name)
  cmake_parse_arguments(M "" "" "DEPS;LIBS;TEST_DEPS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|main)\\.cc$")
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
    add_executable(${name}_test ${tests})
    list(TRANSFORM M_TEST_DEPS PREPEND scalign_)
    target_link_libraries(${name}_test PRIVATE scalign_${name} ${M_TEST_DEPS} ${M_LIBS}
                                               GTest::gtest GTest::gtest_main Threads::Threads)
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120)
  endif()
endfunction()
