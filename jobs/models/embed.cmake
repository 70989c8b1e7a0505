# Writes a source file that holds the schema of every model named after `output` as a string. It runs again
# whenever one of the schemas changes.
function(reeld_embed_models output)
    set(MODELS "")
    foreach(slug IN LISTS ARGN)
        set(file ${CMAKE_CURRENT_SOURCE_DIR}/${slug}.json)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        file(READ ${file} schema)
        string(APPEND MODELS "    {\"${slug}\", R\"schema(${schema})schema\"},\n")
    endforeach()
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/known_models.cpp.in ${output} @ONLY)
endfunction()
