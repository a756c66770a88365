// What golden files say about dual selective-kernel networks beyond the tensors.
#pragma once
#include "harness/conform/module_case.hpp"

namespace scant {

/// The method's parameters, from the words on the loss and the shapes of the heads.
Json dsk_params(const Json& golden);

/// Gives the network its branch draws and the method its centres.
void prepare_dsk(GradientMethod& method, const Json& golden);

}  // namespace scant
