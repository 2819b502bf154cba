#include <math.h>
#include <string.h>

#include "tables.h"

// A product and a sum stay apart unless the kernel says vec_fma, so that inlining cannot change a result.
#pragma clang fp contract(off)
#define NAME_STRING "scalar"
#include "simd/scalar.h"
#include "activations.inc"
#include "finish.inc"
#include "dense.inc"
#include "pairs.inc"
#include "adam.inc"
#include "recurrent.inc"
#include "attention.inc"
#include "elementwise.inc"
#include "gradients.inc"
#include "losses.inc"
#include "packed.inc"
#include "sequences.inc"
#include "embeddings.inc"
#include "table.inc"
