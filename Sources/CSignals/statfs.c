#include "CSignals.h"

#include <sys/vfs.h>

int32_t file_system_magic(const char *path, uint32_t *magic) {
    struct statfs found;
    if (statfs(path, &found) != 0) return -1;
    *magic = (uint32_t)found.f_type;
    return 0;
}
