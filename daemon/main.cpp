#include "daemon/cli/cli.h"

int main(int argc, char** argv) {
    return reeld::run_cli(argc, argv);
}
