// Slices of time, and the best of them.
#ifndef PEAKS_CLOCK_H
#define PEAKS_CLOCK_H

#include <time.h>

static inline double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Runs `body`, which does `work` units, until the time is over; `best` becomes the units a second of the best slice.
#define BEST_SLICE(best, seconds, work, body)                                                                         \
    do {                                                                                                              \
        double slices_end_ = seconds_now() + (seconds);                                                               \
        for (double start_ = seconds_now(); start_ < slices_end_; start_ = seconds_now()) {                           \
            body;                                                                                                     \
            double rate_ = (work) / (seconds_now() - start_);                                                         \
            if (rate_ > (best)) (best) = rate_;                                                                       \
        }                                                                                                             \
    } while (0)

#endif
