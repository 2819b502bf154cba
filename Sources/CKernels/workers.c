#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "CKernels.h"

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() ((void)0)
#endif

// Looks before a thread goes to sleep, about a millisecond: the parts of a training step follow one another faster than
// the system wakes a thread.
enum { SPINS = 20000, COUNT_BITS = 8, COUNT_MASK = (1 << COUNT_BITS) - 1 };

// One call at a time, whose holder is `turn`'s. `call` is its number and, in the low bits, how many threads it takes:
// in one word, so that a thread which it does not take, and which nobody waits for, cannot read the one without the other.
// A thread that the system has not woken is not waited for: the caller takes its part.
static struct {
    pthread_mutex_t turn, lock;
    pthread_cond_t begun, ended;
    atomic_size_t call, working;
    atomic_size_t claims[COUNT_MASK + 1]; // the latest call whose part of that index somebody does
    size_t threads;
    void (*body)(void *context, size_t index);
    void *context;
} pool = {.turn = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER, .begun = PTHREAD_COND_INITIALIZER,
          .ended = PTHREAD_COND_INITIALIZER};

static int claim(size_t index, size_t call) {
    size_t last = atomic_load(&pool.claims[index]);
    while (last < call)
        if (atomic_compare_exchange_weak(&pool.claims[index], &last, call)) return 1;
    return 0;
}

// Every now and then a processor that another thread wants is given away, to the very thread that is waited for, it may be.
static void pause_looking(int look) {
    if (look % 128 == 127) sched_yield();
    else PAUSE();
}

static size_t next_call(size_t last) {
    for (int i = 0; i < SPINS; i++) {
        size_t call = atomic_load_explicit(&pool.call, memory_order_acquire);
        if (call != last) return call;
        pause_looking(i);
    }
    pthread_mutex_lock(&pool.lock);
    while (atomic_load(&pool.call) == last) pthread_cond_wait(&pool.begun, &pool.lock);
    pthread_mutex_unlock(&pool.lock);
    return atomic_load(&pool.call);
}

typedef struct {
    size_t index, call;
} birth;

static void *work(void *argument) {
    const birth *born = argument;
    size_t call = born->call;
    for (;;) {
        call = next_call(call);
        if (born->index >= (call & COUNT_MASK) || !claim(born->index, call)) continue;
        pool.body(pool.context, born->index);
        if (atomic_fetch_sub(&pool.working, 1) > 1) continue;
        pthread_mutex_lock(&pool.lock);
        pthread_cond_signal(&pool.ended);
        pthread_mutex_unlock(&pool.lock);
    }
    return NULL;
}

// How many of `count` threads there are, the caller's included; makes those that are missing, as far as the system lets.
static size_t ready(size_t count) {
    static birth births[COUNT_MASK + 1];
    while (pool.threads + 1 < count) {
        birth *born = &births[pool.threads + 1];
        *born = (birth){pool.threads + 1, atomic_load(&pool.call)};
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, born) != 0) break;
        pthread_detach(thread);
        pool.threads++;
    }
    return pool.threads + 1 < count ? pool.threads + 1 : count;
}

static void wait_for_others(void) {
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&pool.working, memory_order_acquire) == 0) return;
        pause_looking(i);
    }
    pthread_mutex_lock(&pool.lock);
    while (atomic_load(&pool.working) > 0) pthread_cond_wait(&pool.ended, &pool.lock);
    pthread_mutex_unlock(&pool.lock);
}

void kernel_perform(size_t count, void (*body)(void *context, size_t index), void *context) {
    // A call from inside a call, or while another thread's runs, is done by its own thread alone.
    size_t threads = 1, call = 0;
    int is_mine = count > 1 && pthread_mutex_trylock(&pool.turn) == 0;
    if (is_mine) threads = ready(count < COUNT_MASK ? count : COUNT_MASK);
    if (threads > 1) {
        pool.body = body;
        pool.context = context;
        atomic_store(&pool.working, threads - 1);
        call = ((atomic_load(&pool.call) >> COUNT_BITS) + 1) << COUNT_BITS | threads;
        pthread_mutex_lock(&pool.lock);
        atomic_store(&pool.call, call);
        pthread_cond_broadcast(&pool.begun);
        pthread_mutex_unlock(&pool.lock);
    }
    body(context, 0);
    for (size_t index = threads; index < count; index++) body(context, index);
    for (size_t index = 1; index < threads; index++) {
        if (!claim(index, call)) continue;
        body(context, index);
        atomic_fetch_sub(&pool.working, 1);
    }
    if (threads > 1) wait_for_others();
    if (is_mine) pthread_mutex_unlock(&pool.turn);
}
