// t-ReX: a supervised model whose features transfer, by several crops and a deep expendable projector.
#include "methods/parts/trex_method.hpp"

namespace scant {
namespace {

class Trex : public TrexMethod {};

const Register<Trex> registered_trex{
    {.name = "trex",
     .summary = "classes from several crops behind a deep expendable projector, against online class means",
     .citation = "Sariyildiz, Kalantidis, Alahari & Larlus, \"No Reason for No Supervision: Improved Generalization in "
                 "Supervised Models\", ICLR 2023"}};

}  // namespace
}  // namespace scant
