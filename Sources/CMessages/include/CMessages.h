/* Made by scripts/generate-protos: every message of proto/. */
#include "dien/v1/feedback.pb-c.h"
#include "dien/v1/models.pb-c.h"
#include "dien/v1/ranking.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"
