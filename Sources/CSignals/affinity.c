#define _GNU_SOURCE
#include <sched.h>

#include "CSignals.h"

size_t allowed_processors(int *processors, size_t limit) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    size_t count = 0;
    for (int i = 0; i < CPU_SETSIZE && count < limit; i++)
        if (CPU_ISSET(i, &set)) processors[count++] = i;
    return count;
}

int pin_thread(int processor) {
    if (processor < 0 || processor >= CPU_SETSIZE) return -1;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return sched_setaffinity(0, sizeof set, &set);
}

int current_processor(void) { return sched_getcpu(); }

int idle_thread(void) {
    struct sched_param parameters = {0};
    return sched_setscheduler(0, SCHED_IDLE, &parameters);
}
