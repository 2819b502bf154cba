// Rows of floats that are kept in fewer bits: read as floats where they lie, and written.
//
// Reading is exact but for KERNEL_I8, whose product with the scale is rounded once; so what a row gives is the same on
// every machine.
#ifndef NARROW_ROWS_H
#define NARROW_ROWS_H

#include "kernel_rows.h"

#pragma clang assume_nonnull begin

typedef enum {
    KERNEL_F32,
    KERNEL_F16,  // IEEE 754 binary16
    KERNEL_BF16, // the upper half of a binary32
    KERNEL_I8,   // q, whose value is q times the scale of its row
} kernel_element;

// A table [rows, columns], row-major without gaps, at any address.
typedef struct {
    kernel_element type;
    size_t columns;
    const void *values;
    const void *_Nullable scales; // a float a row, at any address: KERNEL_I8 alone
} kernel_narrow_rows;

// vectors_i = row rows[i] of the table; no lane beyond the columns is written.
void kernel_gather(const kernel_narrow_rows *table, size_t count, const int64_t *rows, kernel_mutable_rows vectors);

// Writes rows of floats without gaps as `type`, rounded to the nearest, ties to even; of KERNEL_I8 the scale of a row is
// its largest magnitude / 127, and scales has one a row. Returns the index of the first value that is beyond the type's
// range, the number of values when none is.
size_t kernel_narrow(kernel_element type, size_t rows, size_t columns, const float *values, void *narrow,
                     float *_Nullable scales);

// The index of the first infinity or NaN among `count` elements of 16 bits at any address; `count` when there is none.
size_t kernel_first_non_finite_half(kernel_element type, const void *values, size_t count);

#pragma clang assume_nonnull end
#endif
