#include <math.h>

#include "CKernels.h"

double kernel_sigmoid_double(double x) { return 1 / (1 + exp(-x)); }

double kernel_softplus_double(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }

double kernel_log_double(double x) { return log(x); }

double kernel_pow_double(double x, double y) { return pow(x, y); }
