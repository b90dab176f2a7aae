# scalign_embed(TARGET NAMESPACE FILES...)
# Makes each file's bytes a `std::string_view NAMESPACE::embedded(std::string_view path)` entry,
# so that the binary needs nothing beside itself. Paths are relative to the source tree.
function(scalign_embed target namespace)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cc)
  set(files ${ARGN})
  set(inputs)
  foreach(f ${files})
    list(APPEND inputs ${CMAKE_SOURCE_DIR}/${f})
  endforeach()
  add_custom_command(
    OUTPUT ${out}
    COMMAND python3 ${CMAKE_SOURCE_DIR}/cmake/embed.py ${namespace} ${CMAKE_SOURCE_DIR} ${out} ${files}
    DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/cmake/embed.py
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
