#include "CKernels.h"

static _Thread_local size_t allocations;

void kernel_count_allocation(void) { allocations++; }

size_t kernel_allocations(void) { return allocations; }
