#include "CKernels.h"

static const float zeros[KERNEL_ZEROS];

const float *kernel_first_zero(void) { return zeros; }

size_t kernel_touch_rows(size_t count, const size_t *rows, size_t part, size_t parts, int32_t *slot_of_row,
                         size_t *touched_count, size_t *touched, kernel_slot *slots) {
    // First only the rows, as slots: their lines are on their way when the second pass reads them.
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t row = rows[i];
        if (parts > 1 && (uint32_t)row / KERNEL_ROWS_OF_PART % (uint32_t)parts != part) continue;
        __builtin_prefetch(slot_of_row + row, 1);
        slots[found++] = (kernel_slot){.element = i, .slot = row};
    }
    for (size_t i = 0; i < found; i++) {
        size_t row = slots[i].slot;
        if (slot_of_row[row] < 0) {
            slot_of_row[row] = (int32_t)*touched_count;
            touched[(*touched_count)++] = row;
        }
        slots[i].slot = (size_t)slot_of_row[row];
    }
    return found;
}

void kernel_forget_rows(size_t count, const size_t *touched, int32_t *slot_of_row) {
    for (size_t i = 0; i < count; i++) slot_of_row[touched[i]] = -1;
}
