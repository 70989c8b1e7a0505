# Writes OUTPUT, a C++ source that defines page_files() with the bytes of the page's three files, which lie
# beside this one. Run with cmake -DOUTPUT=… -P.
set(arrays "")
set(rows "")
foreach(file IN ITEMS index.html page.css page.js)
    file(READ "${CMAKE_CURRENT_LIST_DIR}/${file}" hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REPEAT "0x..," 16 line)
    string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
    string(MAKE_C_IDENTIFIER "${file}" name)
    string(APPEND arrays "constexpr unsigned char ${name}[] = {\n${bytes}\n};\n\n")

    set(path "/${file}")
    set(type "text/html; charset=utf-8")
    if(file STREQUAL "index.html")
        set(path "/")
    elseif(file MATCHES "[.]css$")
        set(type "text/css; charset=utf-8")
    elseif(file MATCHES "[.]js$")
        set(type "text/javascript; charset=utf-8")
    endif()
    string(APPEND rows "        {\"${path}\", \"${type}\", text_of(${name})},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"daemon/control/page/page_files.h\"

#include <array>
#include <cstddef>

namespace reeld {

namespace {

template <std::size_t kSize>
std::string_view text_of(const unsigned char (&bytes)[kSize]) {
    return {reinterpret_cast<const char*>(bytes), kSize};
}

${arrays}} // namespace

std::span<const PageFile> page_files() {
    static const std::array<PageFile, 3> kFiles = {{
${rows}    }};
    return kFiles;
}

} // namespace reeld
")
