#include <string.h>

#include "CKernels.h"

// The loops are plain so that the compiler makes vectors of them; rows come from memory, which costs more.
#pragma clang fp contract(off)

enum {
    AHEAD = 8, // rows that are fetched ahead: those of a large table are anywhere
};

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint32_t load_half(const char *bytes, size_t index) {
    uint16_t half;
    memcpy(&half, bytes + 2 * index, sizeof half);
    return half;
}

// The bits of a half at the place of a float's are a float that is too small by 2^112, a subnormal too.
static void read_f16(size_t columns, const char *row, float *vector) {
    float scale = from_bits((112 + 127) << 23);
    for (size_t c = 0; c < columns; c++) {
        uint32_t half = load_half(row, c);
        float magnitude = from_bits((half & 0x7fff) << 13) * scale;
        vector[c] = from_bits(bits_of(magnitude) | (half & 0x8000) << 16);
    }
}

static void read_bf16(size_t columns, const char *row, float *vector) {
    for (size_t c = 0; c < columns; c++) vector[c] = from_bits(load_half(row, c) << 16);
}

static void read_i8(size_t columns, const char *row, float scale, float *vector) {
    const int8_t *q = (const int8_t *)row;
    for (size_t c = 0; c < columns; c++) vector[c] = (float)q[c] * scale;
}

static size_t size_of(kernel_element type) { return type == KERNEL_F32 ? 4 : type == KERNEL_I8 ? 1 : 2; }

static float scale_of(const kernel_narrow_rows *table, size_t row) {
    float scale;
    memcpy(&scale, (const char *)table->scales + 4 * row, sizeof scale);
    return scale;
}

void kernel_gather(const kernel_narrow_rows *table, size_t count, const int64_t *rows, kernel_mutable_rows vectors) {
    size_t columns = table->columns, bytes = columns * size_of(table->type);
    const char *values = table->values;
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) {
            const char *next = values + (size_t)rows[i + AHEAD] * bytes;
            for (size_t b = 0; b < bytes; b += 64) __builtin_prefetch(next + b);
        }
        const char *row = values + (size_t)rows[i] * bytes;
        float *vector = vectors.values + i * vectors.stride;
        switch (table->type) {
        case KERNEL_F32: memcpy(vector, row, bytes); break;
        case KERNEL_F16: read_f16(columns, row, vector); break;
        case KERNEL_BF16: read_bf16(columns, row, vector); break;
        case KERNEL_I8: read_i8(columns, row, scale_of(table, (size_t)rows[i]), vector); break;
        }
    }
}

// Infinity where the value is beyond the largest half, 65504, by half a unit or more.
static uint16_t f16_of(float value) {
    uint32_t bits = bits_of(value), magnitude = bits & 0x7fffffff, sign = bits >> 16 & 0x8000;
    if (magnitude >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
    // Below 2^-14 a half is a multiple of 2^-24, which is the unit of a float beside 0.5.
    if (magnitude < 0x38800000) return (uint16_t)(sign | (bits_of(from_bits(magnitude) + 0.5f) - bits_of(0.5f)));
    magnitude += 0xfff + (magnitude >> 13 & 1);
    return (uint16_t)(sign | (magnitude - (112u << 23)) >> 13);
}

static uint16_t bf16_of(float value) {
    uint32_t bits = bits_of(value);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static float narrow_row(size_t columns, const float *row, int8_t *q) {
    float largest = 0;
    for (size_t c = 0; c < columns; c++) {
        float magnitude = __builtin_fabsf(row[c]);
        if (magnitude > largest) largest = magnitude;
    }
    float scale = largest / 127;
    for (size_t c = 0; c < columns; c++) {
        // Beside 1.5 · 2^23 there are no bits left for a fraction. A scale without all of its bits may give more than 127.
        float ratio = scale > 0 ? row[c] / scale : 0;
        ratio = ratio > 127 ? 127 : ratio < -127 ? -127 : ratio;
        q[c] = (int8_t)((ratio + 12582912.0f) - 12582912.0f);
    }
    return scale;
}

size_t kernel_narrow(kernel_element type, size_t rows, size_t columns, const float *values, void *narrow,
                     float *scales) {
    size_t count = rows * columns;
    switch (type) {
    case KERNEL_F32: memcpy(narrow, values, count * sizeof *values); return count;
    case KERNEL_F16:
        for (size_t i = 0; i < count; i++) ((uint16_t *)narrow)[i] = f16_of(values[i]);
        break;
    case KERNEL_BF16:
        for (size_t i = 0; i < count; i++) ((uint16_t *)narrow)[i] = bf16_of(values[i]);
        break;
    case KERNEL_I8:
        for (size_t r = 0; r < rows; r++)
            scales[r] = narrow_row(columns, values + r * columns, (int8_t *)narrow + r * columns);
        return count;
    }
    return kernel_first_non_finite_half(type, narrow, count);
}

size_t kernel_first_non_finite_half(kernel_element type, const void *values, size_t count) {
    // Exponent all ones: an infinity or a NaN (IEEE 754-2019, 3.4).
    uint32_t exponent = type == KERNEL_F16 ? 0x7c00 : 0x7f80;
    for (size_t i = 0; i < count; i++)
        if ((load_half(values, i) & exponent) == exponent) return i;
    return count;
}
