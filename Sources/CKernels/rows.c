#include "CKernels.h"

static const float zeros[KERNEL_ZEROS];

const float *kernel_first_zero(void) { return zeros; }

enum {
    AHEAD = 16, // slots that are fetched ahead
};

size_t kernel_touch_rows(size_t count, const size_t *rows, size_t part, size_t parts, int32_t *slot_of_row,
                         size_t touched_count, size_t *touched, size_t *slots) {
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count) __builtin_prefetch(slot_of_row + rows[i + AHEAD], 1);
        size_t row = rows[i];
        if (parts > 1 && (uint32_t)row / KERNEL_ROWS_OF_PART % (uint32_t)parts != part) {
            slots[i] = KERNEL_NO_SLOT;
            continue;
        }
        if (slot_of_row[row] < 0) {
            slot_of_row[row] = (int32_t)touched_count;
            touched[touched_count++] = row;
        }
        slots[i] = (size_t)slot_of_row[row];
    }
    return touched_count;
}

void kernel_forget_rows(size_t count, const size_t *touched, int32_t *slot_of_row) {
    for (size_t i = 0; i < count; i++) slot_of_row[touched[i]] = -1;
}
