// Room on the disk, which glibc shows to C alone: fallocate(2) with its Linux flags.
#pragma once
#include <sys/types.h>

/// Takes room for `count` bytes from the start of a file whose size and content stay. Returns 0, or a positive errno.
int disk_space_reserve(int descriptor, off_t count);
