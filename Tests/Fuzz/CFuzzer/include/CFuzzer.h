#pragma once

#include <stddef.h>
#include <stdint.h>

// libFuzzer's loop (LLVM, compiler-rt/lib/fuzzer/FuzzerDriver.cpp): calls `body` with one input after the other, which
// returns 0, or -1 where the input is not worth keeping. Returns the program's exit status.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*body)(const uint8_t *bytes, size_t count));
