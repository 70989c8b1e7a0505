#include "daemon/reader/reader.h"

#include <string_view>

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "read-storyboard") return reeld::read_storyboard_main();
    return 0;
}
