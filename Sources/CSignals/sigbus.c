#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

// The low two bits of a region's state say what it is; the rest counts its uses, so that the handler notices a region
// that changed hands while it was being read.
enum { FREE = 0, CLAIMED = 1, LIVE = 2, STATE_MASK = 3 };

struct region {
    _Atomic uint64_t state;
    _Atomic uintptr_t base;
    _Atomic size_t length;
    _Atomic uint32_t faults;
};

// Static, zero-filled by the loader: never allocated, so the handler may read it at any moment.
static struct region regions[SIGBUS_REGION_LIMIT];
// One more than the highest region ever used: how far the handler looks.
static _Atomic int32_t used_regions;
// Where the search for a free region begins; wrong values only cost time.
static _Atomic int32_t first_free;

static pthread_once_t installed = PTHREAD_ONCE_INIT;
static struct sigaction previous_action;
static uintptr_t page_size;

// The region that holds `address`, with a consistent copy of its bounds; NULL where there is none.
static struct region *find(uintptr_t address, uintptr_t *base, size_t *length) {
    int32_t used = atomic_load(&used_regions);
    for (int32_t i = 0; i < used; i++) {
        struct region *region = &regions[i];
        uint64_t state = atomic_load(&region->state);
        if ((state & STATE_MASK) != LIVE) continue;
        *base = atomic_load(&region->base);
        *length = atomic_load(&region->length);
        if (atomic_load(&region->state) != state) continue;
        if (address >= *base && address - *base < *length) return region;
    }
    return NULL;
}

// Puts zeros where the file has nothing to give. mmap is no function that POSIX lists as async-signal-safe; on Linux it
// is a bare system call without state in the process.
static bool mend(uintptr_t address) {
    uintptr_t base;
    size_t length;
    struct region *region = find(address, &base, &length);
    if (region == NULL) return false;
    // First the mark: whoever reads zeros can already see that they are none of the file's.
    uint32_t faults = atomic_fetch_add(&region->faults, 1);
    uintptr_t start = address & ~(page_size - 1);
    size_t count = page_size;
    if (faults >= SIGBUS_PAGE_LIMIT) {
        start = base;
        count = length;
    }
    int flags = MAP_FIXED | MAP_ANONYMOUS | MAP_PRIVATE | MAP_NORESERVE;
    return mmap((void *)start, count, PROT_READ, flags, -1, 0) != MAP_FAILED;
}

static void handle(int signal, siginfo_t *info, void *context) {
    (void)context;
    int saved_errno = errno;
    // A positive code is the kernel's. An unaligned access would fault again whatever the page holds.
    bool is_page_fault = info->si_code > 0 && info->si_code != BUS_ADRALN;
    if (!is_page_fault || !mend((uintptr_t)info->si_addr)) {
        // Not ours. The signal is blocked here, so the second one arrives on return, where the first one struck.
        sigaction(signal, &previous_action, NULL);
        raise(signal);
    }
    errno = saved_errno;
}

static void install(void) {
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    // The action before ours is known before ours can run.
    sigaction(SIGBUS, NULL, &previous_action);
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

static bool claim(int32_t index) {
    struct region *region = &regions[index];
    uint64_t state = atomic_load(&region->state);
    return (state & STATE_MASK) == FREE && atomic_compare_exchange_strong(&region->state, &state, state + CLAIMED);
}

static int32_t claim_any(void) {
    int32_t start = atomic_load(&first_free);
    for (int32_t i = 0; i < SIGBUS_REGION_LIMIT; i++) {
        int32_t index = (start + i) % SIGBUS_REGION_LIMIT;
        if (claim(index)) {
            atomic_store(&first_free, (index + 1) % SIGBUS_REGION_LIMIT);
            return index;
        }
    }
    return -1;
}

int32_t sigbus_guard(const void *base, size_t length) {
    pthread_once(&installed, install);
    int32_t index = claim_any();
    if (index < 0) return -1;
    struct region *region = &regions[index];
    atomic_store(&region->base, (uintptr_t)base);
    atomic_store(&region->length, length);
    atomic_store(&region->faults, 0);
    int32_t used = atomic_load(&used_regions);
    while (used <= index && !atomic_compare_exchange_weak(&used_regions, &used, index + 1)) {}
    atomic_fetch_add(&region->state, LIVE - CLAIMED);
    return index;
}

void sigbus_unguard(int32_t region) {
    // To the next multiple of four: free, and one use later.
    atomic_fetch_add(&regions[region].state, STATE_MASK + 1 - LIVE);
    int32_t first = atomic_load(&first_free);
    while (region < first && !atomic_compare_exchange_weak(&first_free, &first, region)) {}
}

bool sigbus_is_damaged(int32_t region) { return atomic_load(&regions[region].faults) > 0; }

void sigbus_touch_pages(const void *base, size_t length) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t offset = 0; offset < length; offset += page) (void)*((const volatile char *)base + offset);
}
