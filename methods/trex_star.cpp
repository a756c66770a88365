// t-ReX*: t-ReX with a shallow projector and larger crops, better on the training classes.
#include "methods/parts/trex_method.hpp"

namespace scant {
namespace {

class TrexStar : public TrexMethod {
 public:
  TrexStar() {
    hidden_layers = 1;
    recipe = "trex-star";  // crops are divided at 0.40 of the area instead of 0.25
  }
};

const Register<TrexStar> registered_trex_star{
    {.name = "trex-star",
     .summary = "t-ReX with one hidden layer in its projector: better on the training classes, less to transfer",
     .citation = "Sariyildiz, Kalantidis, Alahari & Larlus, \"No Reason for No Supervision: Improved Generalization in "
                 "Supervised Models\", ICLR 2023"}};

}  // namespace
}  // namespace scant
