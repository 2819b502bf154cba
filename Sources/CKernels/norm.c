#include "CKernels.h"

double kernel_sum_of_squares(const float *values, size_t count) {
    // Eight sums that the compiler may keep in vectors; their order is part of the result.
    double sums[8] = {0};
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (size_t lane = 0; lane < 8; lane++) {
            double value = values[i + lane];
            sums[lane] += value * value;
        }
    for (; i < count; i++) sums[0] += (double)values[i] * values[i];
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}
