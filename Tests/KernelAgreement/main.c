#include "agreement.h"

// Kernels that have a test; a new one without does not compile.
enum { TESTED = 45, IN_TWO_FORMS = 4 };
_Static_assert(sizeof(kernels) == (TESTED + 1) * sizeof(void *), "every kernel has its test, and no other has");

static size_t comparisons, failures;
static double closest; // the largest difference in proportion to its tolerance

static int is_nan(float x) { return x != x; }

// The largest difference of two matrices in proportion to the largest value, infinite where one alone is no number.
static double difference(const matrix *found, const matrix *expected) {
    double scale = 1, largest = 0;
    for (size_t r = 0; r < found->rows; r++)
        for (size_t c = 0; c < found->columns; c++) {
            double value = __builtin_fabs(expected->values[r * expected->stride + c]);
            if (value > scale && value < 1e38) scale = value;
        }
    for (size_t r = 0; r < found->rows; r++)
        for (size_t c = 0; c < found->columns; c++) {
            float a = found->values[r * found->stride + c], b = expected->values[r * expected->stride + c];
            if (is_nan(a) != is_nan(b)) return __builtin_inf();
            if (is_nan(a) || a == b) continue;
            double d = __builtin_fabs((double)a - b) / scale;
            if (!(d <= largest)) largest = d;
        }
    return largest;
}

// Whether what lies beyond the columns of a matrix is as it was.
static int is_intact(const matrix *m) {
    for (size_t r = 0; r < m->rows; r++)
        for (size_t c = m->columns; c < m->stride; c++) {
            float x = m->values[r * m->stride + c];
            if (x != outside && x != 0) return 0;
        }
    return 1;
}

static void compare(const test_case *test, const kernels *k, const kernels *scalar, size_t rows, size_t columns,
                    size_t inner) {
    fixture found = {.state = rows * 1000003 + columns * 1009 + inner}, expected = found;
    test->body(k, &found, rows, columns, inner);
    test->body(scalar, &expected, rows, columns, inner);
    double largest = 0;
    int intact = 1;
    for (size_t i = 0; i < found.count; i++) {
        double d = difference(&found.made[i], &expected.made[i]);
        if (!(d <= largest)) largest = d;
        if (test->is_exact && !is_intact(&found.made[i])) intact = 0;
    }
    comparisons++;
    if (test->tolerance > 0 && largest / test->tolerance > closest) closest = largest / test->tolerance;
    if (!(largest <= test->tolerance) || !intact) {
        failures++;
        printf("%s of %zu x %zu, inner %zu: off by %g, %g is allowed%s\n", test->name, rows, columns, inner, largest,
               test->tolerance, intact ? "" : "; it writes beyond its columns");
    }
    drop(&found);
    drop(&expected);
}

static void run(const test_case *tests, size_t count, const kernels *k, const kernels *scalar, const char *only) {
    static const size_t rows[] = {1, 2, 3, 5, 13, 26}, columns[] = {1, 3, 4, 7, 16, 18, 33, 36, 65}, inner[] = {1, 5, 29};
    for (size_t i = 0; i < count; i++) {
        if (only && strcmp(only, tests[i].name) != 0) continue;
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
            for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
                for (size_t n = 0; n < sizeof inner / sizeof *inner; n++)
                    compare(&tests[i], k, scalar, rows[r], columns[c], inner[n]);
    }
}

int main(int count, char **arguments) {
    if (count < 2 || count > 3) return fprintf(stderr, "usage: %s TABLE [KERNEL]\n", arguments[0]), 2;
    const kernels *k = kernels_named(arguments[1]), *scalar = kernels_named("scalar");
    if (!k) return fprintf(stderr, "no kernels \"%s\" here\n", arguments[1]), 2;
    const char *only = count == 3 ? arguments[2] : NULL;
    run(forward_tests, forward_count, k, scalar, only);
    run(training_tests, training_count, k, scalar, only);
    if (forward_count + training_count != TESTED + IN_TWO_FORMS) return printf("fail: %d kernels have a test\n", TESTED), 1;
    size_t narrow = narrow_failures();
    if (narrow) printf("%zu rows in fewer bits are wrong\n", narrow);
    int failed = failures + narrow > 0 || comparisons == 0;
    printf("%s: %s, %zu kernels beside scalar, %zu comparisons, %zu failed, at most %.2f of what is allowed\n",
           failed ? "fail" : "pass", k->name, (size_t)TESTED, comparisons, failures, closest);
    return failed;
}
