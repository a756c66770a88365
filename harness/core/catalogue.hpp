// What the names in a suite can mean, without torch or image libraries: filled from the registries by the program, read
// by the suite parser.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "harness/core/params.hpp"

namespace scant {

/// Training-time geometry; the test-time counterpart follows from it (specs: gem (b)).
struct Augment {
  enum class Kind { none, shift, resized_crop };
  Kind kind = Kind::none;
  int pad = 0;   // shift: reflect padding in pixels
  int size = 0;  // resized_crop: output side in pixels; with none/shift: 0 = the images' own size, else shorter side
                 // and centre crop
  double min_scale = 1.0;  // resized_crop: smallest share of the image's area
  bool hflip = false, vflip = false;
  Json to_json() const;
  static Augment from_json(const Json&);
};

struct MethodSpec {
  std::string name, summary, citation;
  std::vector<ParamSpec> params;
  std::vector<std::string> differences;  // what compat = "gem" does differently from "fixed"
  bool baseline = false;                 // lives in baselines/: no epochs, one report at the end
  bool unlabelled = false;               // learns from images without labels too
};

struct DatasetSpec {
  std::string name, title, domain, licence, citation;
  std::vector<std::string> classes;  // may be empty where a card states only their number
  int num_classes = 0, bands = 3, splits = 1;
  Augment augment;        // the published protocol's default
  std::string backbone;   // likewise
  int epochs = 0;         // likewise
  bool embedded = false;  // made by the generator, never fetched
};

/// By kind: the parameters of what can judge a trained method.
using JudgeKinds = std::map<std::string, std::vector<ParamSpec>>;

/// Everything a suite may name. std::map: listings are sorted and stable.
struct Catalogue {
  std::map<std::string, MethodSpec> methods;
  std::map<std::string, DatasetSpec> datasets;
  JudgeKinds judges;
  std::vector<std::string> backbones;  // families as patterns, for messages: "rn20", "wrn-D-K", ...
  bool (*is_backbone)(const std::string& name) = nullptr;
};

}  // namespace scant
