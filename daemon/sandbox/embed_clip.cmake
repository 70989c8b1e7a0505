# Writes OUTPUT, a C++ source that defines clip() with the bytes of INPUT. Run with cmake -DINPUT=…
# -DOUTPUT=… -P.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
string(REPEAT "0x..," 16 line)
string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"daemon/sandbox/clip.h\"

namespace reeld::sandbox {

std::string_view clip() {
    static constexpr unsigned char kBytes[] = {
${bytes}
    };
    return {reinterpret_cast<const char*>(kBytes), sizeof kBytes};
}

} // namespace reeld::sandbox
")
