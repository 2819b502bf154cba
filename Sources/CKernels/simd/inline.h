// How the body of a kernel is put into the function of an instruction set.
#ifndef INLINE_H
#define INLINE_H

// A kernel's constants are constants only where it is inlined. A build that optimises nothing would keep a piece of stack for
// every tile that is inlined, megabytes of them in one function, and makes calls instead.
#ifdef __OPTIMIZE__
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#endif
