// The six recipes: what each stand-in set is called, what its classes are, and how one image of it is drawn.
#pragma once
#include <string>
#include <vector>

#include "datasets/synthetic/canvas.hpp"

namespace scant::synthetic {

/// What decides a generated set. See generate.hpp for the names in a suite.
struct Options {
  double difficulty = 0.3;
  std::int64_t seed = 0;
  int side = 0;              // shorter side in pixels; 0 = the recipe's own
  int pool = 60, test = 30;  // images per class: for train and val together, and for test
  int train = 20, val = 10;  // per class, in the list files
  int splits = 3;            // list files train0 .. train{splits-1}
};

/// One image of class `label` and sensor `domain` (0 or 1), C x height x width in [0,1]; spectral: raw units.
/// Draws only from `random`, and nothing but structure from `label`.
Canvas draw_natural(int label, int domain, const Options& options, Random& random);
Canvas draw_fine(int label, int domain, const Options& options, Random& random);
Canvas draw_lesion(int label, int domain, const Options& options, Random& random);
Canvas draw_spectral(int label, int domain, const Options& options, Random& random);
Canvas draw_script(int label, int domain, const Options& options, Random& random);
Canvas draw_tissue(int label, int domain, const Options& options, Random& random);

}  // namespace scant::synthetic
