#define _GNU_SOURCE
#include "CDiskSpace.h"
#include <errno.h>
#include <fcntl.h>

int disk_space_reserve(int descriptor, off_t count) {
    int result;
    do result = fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, count);
    while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}
