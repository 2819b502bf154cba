#include <string.h>

#include "CKernels.h"

size_t kernel_first_non_finite(const void *values, size_t count) {
    const char *bytes = values;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
        // Exponent all ones: an infinity or a NaN (IEEE 754-2019, 3.4).
        if ((bits & 0x7f800000u) == 0x7f800000u) return i;
    }
    return count;
}
