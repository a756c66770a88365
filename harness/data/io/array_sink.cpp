// Collecting the images of array files.
#include "harness/data/io/array_sink.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.hpp"
#include "harness/data/io/listing.hpp"

namespace scant {

std::vector<std::string> array_options(std::vector<std::string> own) {
  own.emplace_back("domains_file");
  return own;
}

ArraySink::ArraySink(const ReadTask& task) : task_(task) {
  std::vector<std::filesystem::path> index;
  if (task.options.has("domains_file")) domains_ = read_domains(task, index);
}

void ArraySink::add(const std::string& role, Pixels& pixels, std::int64_t label, const std::filesystem::path& file) {
  const std::int64_t number = count_[role]++;
  const int classes = task_.card.spec.num_classes;
  if (label < 0 || label > 1'000'000'000 || (classes > 0 && label >= classes)) {
    throw InputError(fmt::format("image {} of role \"{}\": label {} is outside the {} classes of {}", number, role,
                                 label, classes, task_.card.spec.name),
                     {file.string()});
  }
  const int stored = pixels.channels;
  if (!match_channels(pixels, task_.card.spec.bands)) {
    throw InputError(fmt::format("{} channels where the card says {}", stored, task_.card.spec.bands), {file.string()});
  }
  if (!builder_) builder_.emplace(pixels.type, pixels.channels);
  const std::string name = fmt::format("{}{}{:05}", role, role.empty() ? "" : "_", number);
  int domain = -1;
  if (task_.options.has("domains_file")) {
    const auto found = domains_.find(name);
    if (found == domains_.end()) {
      throw InputError(fmt::format("no line for the image \"{}\"", name),
                       {(task_.folder / task_.options.text("domains_file")).string()});
    }
    domain = found->second;
  }
  builder_->add(pixels.planar, pixels.height, pixels.width, static_cast<int>(label), name, domain);
  decoded_.roles.push_back(role);
}

Decoded ArraySink::finish(const std::vector<std::string>& found) {
  if (!builder_) throw InputError(fmt::format("no image of {}", task_.card.spec.name), {task_.folder.string()});
  if (count_.size() == 1 && count_.begin()->first.empty()) decoded_.roles.clear();
  decoded_.bank = builder_->finish(bank_classes(task_, found));
  return std::move(decoded_);
}

}  // namespace scant
