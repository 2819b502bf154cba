// What one core of this machine can do at most, measured: the yardsticks that timings are held against.
//
// Each function runs for about `seconds` in slices of a millisecond or so and returns the rate of the best slice, since a
// slice that something disturbed says nothing about the machine. All run on the calling thread alone.
#ifndef CPEAKS_H
#define CPEAKS_H

#include <stddef.h>

// Floating-point operations a second of fused multiply-adds that stay in registers, two an element, with vectors of
// the instruction set ("scalar", "avx2", "avx512", "neon", or "bf16" for products of bf16 summed in fp32);
// 0 where this machine does not have it.
double peak_flops(const char *instruction_set, double seconds);

// 1 / (1 + e^-x) of floats in the first-level cache, a second, to about 1e-7, with the widest vectors there are.
double peak_sigmoids(double seconds);

// Bytes a second from memory: read alone, and of a[i] = b[i] + s c[i], which reads two and writes one.
double peak_read_bytes(double seconds);
double peak_triad_bytes(double seconds);

#endif
