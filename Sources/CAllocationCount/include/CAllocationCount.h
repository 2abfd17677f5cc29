// How often the calling thread has taken memory from the heap. The functions that do so are put in glibc's place for the
// whole program, which only a benchmark may do to itself: a release build without sanitizers, for these bring their own.

#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdint.h>

/// Calls of malloc(3), calloc, realloc, aligned_alloc, memalign and posix_memalign by this thread so far; 0 for ever
/// in a build that does not count.
uint64_t allocation_count(void);

#endif
