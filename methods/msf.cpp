// MSF: every image is drawn to the nearest neighbours of its other view, without negatives.
#include "methods/parts/mean_shift_method.hpp"

namespace scant {
namespace {

class Msf : public MeanShiftMethod {
 protected:
  torch::Tensor shift(const ShiftBatch& batch) override { return plain_shift(batch, bank(), neighbours).loss; }
};

const Register<Msf> registered_msf{
    {.name = "msf",
     .summary = "mean shift: an image's query is drawn to the nearest neighbours of its target in a bank of targets",
     .citation = "Koohpayegani, Tejankar & Pirsiavash, \"Mean Shift for Self-Supervised Learning\", ICCV 2021",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
