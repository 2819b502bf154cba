// Rows in fewer bits, against the compiler's own conversions.
#include <math.h>

#include "agreement.h"

// Reads one row of `count` elements.
static void read_row(kernel_element type, size_t count, const void *values, const float *scale, float *row) {
    kernel_narrow_rows table = {type, count, values, scale};
    int64_t first = 0;
    kernel_gather(&table, 1, &first, (kernel_mutable_rows){row, count});
}

static int is_same(float a, float b) { return memcmp(&a, &b, sizeof a) == 0; }

// Every finite half.
static size_t half_failures(void) {
    size_t failures = 0;
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        uint16_t half = (uint16_t)bits;
        _Float16 value;
        memcpy(&value, &half, sizeof half);
        float found;
        read_row(KERNEL_F16, 1, &half, NULL, &found);
        if ((bits & 0x7c00) != 0x7c00 && !is_same(found, (float)value)) failures++;
        uint32_t wide = bits << 16;
        float upper;
        memcpy(&upper, &wide, sizeof upper);
        read_row(KERNEL_BF16, 1, &half, NULL, &found);
        if (!is_same(found, upper)) failures++;
    }
    return failures;
}

// Floats of all exponents, and those that lie between two halves.
static size_t rounding_failures(void) {
    fixture f = {.state = 11};
    size_t failures = 0;
    for (int i = 0; i < 200000; i++) {
        float x = (float)ldexp(uniform(&f) * 2 - 1, (int)(uniform(&f) * 42) - 26);
        if (i % 3 == 0) x = (float)(_Float16)x + (float)ldexp(1, ilogbf(x) - 11);
        if (fabsf(x) >= 65520) continue;
        _Float16 half, expected = (_Float16)x;
        kernel_narrow(KERNEL_F16, 1, 1, &x, &half, NULL);
        if (memcmp(&half, &expected, sizeof half) != 0) failures++;
    }
    return failures;
}

static size_t byte_failures(void) {
    fixture f = {.state = 13};
    size_t failures = 0;
    for (size_t columns = 1; columns < 70; columns++) {
        matrix m = make(&f, 1, columns, -3, 3);
        int8_t q[70];
        float scale, row[70], largest = 0;
        for (size_t c = 0; c < columns; c++) largest = fmaxf(largest, fabsf(m.values[c]));
        kernel_narrow(KERNEL_I8, 1, columns, m.values, q, &scale);
        if (!is_same(scale, largest / 127)) failures++;
        read_row(KERNEL_I8, columns, q, &scale, row);
        for (size_t c = 0; c < columns; c++)
            if (!is_same(row[c], (float)q[c] * scale) || fabsf(row[c] - m.values[c]) > scale * 0.50001f) failures++;
    }
    drop(&f);
    return failures;
}

size_t narrow_failures(void) { return half_failures() + rounding_failures() + byte_failures(); }
