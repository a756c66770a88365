// The one place that knows LibTorch versions differ (1.13 from Debian, any 2.x), and the precompiled header of
// everything that uses torch.
#pragma once
#include <torch/torch.h>
#include <torch/version.h>
