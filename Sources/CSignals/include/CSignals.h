// Survival of SIGBUS inside mapped files: a page that its file no longer has (the file was truncated, its disk failed)
// reads as zeros instead of killing the process, and the mapping is marked as damaged.
#ifndef CSIGNALS_H
#define CSIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
    // Regions guarded at once. Linux allows a process 65,530 mappings unless vm.max_map_count is raised.
    SIGBUS_REGION_LIMIT = 65536,
    // Faults of one region that are mended page by page, each for up to two more mappings of the process; the next one
    // replaces the whole region, so that reading a lost file at random never runs out of mappings.
    SIGBUS_PAGE_LIMIT = 64,
};

// Guards the mapping of `length` bytes at `base`, page-aligned. The first call installs the handler of SIGBUS.
// Returns the region's number, or -1 where SIGBUS_REGION_LIMIT regions are guarded. Any thread; lock-free.
int32_t sigbus_guard(const void *base, size_t length);

// Ends the guard, before the mapping is removed.
void sigbus_unguard(int32_t region);

// Whether a page of a guarded region was replaced by zeros. Never turns false again.
bool sigbus_is_damaged(int32_t region);

// Reads one byte of every page of a mapping.
void sigbus_touch_pages(const void *base, size_t length);

// The f_type of statfs(2) for the file system that holds `path`, which the system's module map for Swift leaves out.
// Returns 0, or -1 with errno.
int32_t file_system_magic(const char *path, uint32_t *magic);

// The processors that this process may run on, ascending, at most `limit` of them; how many there are.
size_t allowed_processors(int *processors, size_t limit);

// Keeps the calling thread on one processor; 0 when that was done.
int pin_thread(int processor);

// The processor that the calling thread is on at this moment, or -1.
int current_processor(void);

// Leaves the calling thread the time alone that no other thread wants; 0 when that was done.
int idle_thread(void);

#pragma clang assume_nonnull end

#endif
