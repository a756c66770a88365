// The JSON form of an augmentation, part of every trial's identity.
#include "harness/core/catalogue.hpp"

namespace scant {
namespace {

const std::map<Augment::Kind, std::string>& kind_names() {
  static const std::map<Augment::Kind, std::string> names{
      {Augment::Kind::none, "none"}, {Augment::Kind::shift, "shift"}, {Augment::Kind::resized_crop, "resized-crop"}};
  return names;
}

}  // namespace

Json Augment::to_json() const {
  return {{"kind", kind_names().at(kind)}, {"pad", pad},     {"size", size},
          {"min_scale", min_scale},        {"hflip", hflip}, {"vflip", vflip}};
}

Augment Augment::from_json(const Json& json) {
  Augment augment;
  const std::string text = json.at("kind").get<std::string>();
  bool known = false;
  for (const auto& [kind, name] : kind_names()) {
    if (name == text) augment.kind = kind, known = true;
  }
  if (!known) throw InputError("\"" + text + "\" is no augmentation: use none, shift or resized-crop");
  json.at("pad").get_to(augment.pad);
  json.at("size").get_to(augment.size);
  json.at("min_scale").get_to(augment.min_scale);
  json.at("hflip").get_to(augment.hflip);
  json.at("vflip").get_to(augment.vflip);
  return augment;
}

}  // namespace scant
