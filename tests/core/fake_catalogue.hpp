// A small catalogue for the tests of suites and plans.
#pragma once
#include "harness/core/catalogue.hpp"

namespace scant {

inline Catalogue fake_catalogue() {
  Catalogue catalogue;
  const ParamSpec lr{"lr", 0.01, "learning rate", Interval{1e-8, 10}, {}, log_uniform(1e-4, 0.1)};
  const ParamSpec batch{"batch_size", 25, "images a step", Interval{1, 1024}, {}, choice({10, 25, 50})};
  const ParamSpec kappa{"kappa", 16.0, "concentration", Interval{-0.5, 1000}, {}, {}};
  const ParamSpec mode{"mode", "learned", "how", {}, {"learned", "fixed"}, {}};
  const ParamSpec width{"width", 64, "units", Interval{1, 4096}, {}, {}};
  const ParamSpec k{"k", 5, "neighbours", Interval{1, 100}, {}, choice({1, 3, 5})};
  const ParamSpec metric{"metric", "cosine", "distance", {}, {"cosine", "euclidean"}, choice({"cosine", "euclidean"})};
  catalogue.methods["xent"] = {"xent", "cross-entropy", "", {lr, batch}, {}, false};
  catalogue.methods["tvmf"] = {"tvmf", "t-vMF", "", {lr, batch, kappa, mode, width}, {}, false};
  catalogue.methods["knn"] = {"knn", "nearest neighbours", "", {k, metric}, {}, true};
  catalogue.methods["majority"] = {"majority", "most frequent class", "", {}, {}, true};

  const ParamSpec c{"c", 1.0, "inverse penalty", Interval{1e-12, 1e12}, {}, {}};
  catalogue.judges = {{"own", {}}, {"knn", {k}}, {"linear", {lr}}, {"logistic", {c}}};

  DatasetSpec cifair;
  cifair.name = "cifair10";
  cifair.title = "ciFAIR-10";
  cifair.splits = 3;
  cifair.augment = {Augment::Kind::shift, 4, 0, 1.0, true, false};
  cifair.backbone = "wrn-16-8";
  cifair.epochs = 500;
  catalogue.datasets["cifair10"] = cifair;
  DatasetSpec plain;
  plain.name = "synthetic-natural";
  plain.splits = 1;
  catalogue.datasets["synthetic-natural"] = plain;
  catalogue.backbones = {"rn20", "wrn-D-K"};
  catalogue.is_backbone = [](const std::string& name) { return name.starts_with("rn") || name.starts_with("wrn-"); };
  return catalogue;
}

}  // namespace scant
