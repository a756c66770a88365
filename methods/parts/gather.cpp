// The only rank.
#include "methods/parts/gather.hpp"

namespace scant {

Gather& alone() {
  static Gather only;  // has no state
  return only;
}

}  // namespace scant
