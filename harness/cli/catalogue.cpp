// What this program knows: the registered methods, the cards, the backbones.
#include "harness/cli/command.hpp"
#include "harness/data/card.hpp"
#include "harness/learn/backbone.hpp"
#include "harness/learn/judgement.hpp"
#include "harness/learn/method.hpp"

namespace scant {

const Catalogue& catalogue() {
  static const Catalogue known = [] {
    Catalogue all;
    for (const auto& [name, entry] : methods()) all.methods.emplace(name, entry.spec);
    for (const auto& [name, card] : cards()) all.datasets.emplace(name, card.spec);
    all.judges = judge_kinds();
    all.backbones = backbone_names();
    all.is_backbone = is_backbone;
    return all;
  }();
  return known;
}

}  // namespace scant
