// On-disk layouts of CIFAR-10, CUB-200-2011, ISIC 2018, EuroSAT, CLaMM and the histology folder sets, for generated
// images.
#include "datasets/synthetic/layouts.hpp"

#include <fmt/format.h>

#include "datasets/synthetic/files.hpp"

namespace scant::synthetic {
namespace {

namespace fs = std::filesystem;
using Roster = std::vector<Sample>;

std::string lines(const std::vector<std::string>& names) {
  return fmt::format("{}\n", fmt::join(names, "\n"));
}

/// Names samples class by class, "<class>/<stem>_<number>_d<domain>", numbers from 1 in the roster's order.
void name_within_class(Roster& roster, const Population& population, int digits, std::size_t skip) {
  std::vector<int> next(population.classes.size(), 1);
  for (auto& sample : roster) {
    const auto& name = population.classes[static_cast<std::size_t>(sample.label)];
    sample.name = fmt::format("{}/{}_{:0{}}_d{}", name, name.substr(skip),
                              next[static_cast<std::size_t>(sample.label)]++, digits, sample.domain);
  }
}

void write_natural(const fs::path& folder, const Population& population, Roster& roster, const Options&,
                   const Drawer& draw) {
  std::string parts[2];
  int next[2] = {0, 0};
  for (auto& sample : roster) {
    sample.name = fmt::format("{}_{:05}", sample.test ? "test" : "train", next[sample.test]++);
    parts[sample.test] += cifar_record(sample.label, draw(sample));
  }
  write_bytes(folder / "cifar-10-batches-bin/data_batch_1.bin", parts[0]);
  write_bytes(folder / "cifar-10-batches-bin/test_batch.bin", parts[1]);
  write_bytes(folder / "cifar-10-batches-bin/batches.meta.txt", lines(population.classes));
}

void write_fine(const fs::path& folder, const Population& population, Roster& roster, const Options& options,
                const Drawer& draw) {
  name_within_class(roster, population, 4, 4);  // without "001."
  std::string images, labels, roles, classes;
  int id = 0;
  for (const auto& sample : roster) {
    ++id;
    images += fmt::format("{} {}.jpg\n", id, sample.name);
    labels += fmt::format("{} {}\n", id, sample.label + 1);
    roles += fmt::format("{} {}\n", id, sample.test ? 0 : 1);
    write_image(folder / "CUB_200_2011/images" / (sample.name + ".jpg"), draw(sample));
  }
  for (std::size_t i = 0; i < population.classes.size(); ++i)
    classes += fmt::format("{} {}\n", i + 1, population.classes[i]);
  write_bytes(folder / "CUB_200_2011/images.txt", images);
  write_bytes(folder / "CUB_200_2011/image_class_labels.txt", labels);
  write_bytes(folder / "CUB_200_2011/train_test_split.txt", roles);
  write_bytes(folder / "CUB_200_2011/classes.txt", classes);
  write_splits(folder, population, roster, options);
}

void write_lesion(const fs::path& folder, const Population& population, Roster& roster, const Options& options,
                  const Drawer& draw) {
  std::string truth = fmt::format("image,{}\n", fmt::join(population.classes, ","));
  int id = 0;
  for (auto& sample : roster) {
    sample.name = fmt::format("ISIC_{:07}_d{}", ++id, sample.domain);
    truth += sample.name;
    for (std::size_t k = 0; k < population.classes.size(); ++k)
      truth += static_cast<int>(k) == sample.label ? ",1.0" : ",0.0";
    truth += "\n";
    write_image(folder / "ISIC2018_Task3_Training_Input" / (sample.name + ".jpg"), draw(sample));
  }
  write_bytes(folder / "ISIC2018_Task3_Training_GroundTruth.csv", truth);
  write_splits(folder, population, roster, options);
}

void write_spectral(const fs::path& folder, const Population& population, Roster& roster, const Options& options,
                    const Drawer& draw) {
  name_within_class(roster, population, 1, 0);
  int tile = 0;
  for (const auto& sample : roster) {
    const Canvas canvas = draw(sample);
    write_geotiff(folder / "allBands" / (sample.name + ".tif"), canvas, 10.0 * canvas.width * tile++);
  }
  write_splits(folder, population, roster, options);
}

void write_script(const fs::path& folder, const Population& population, Roster& roster, const Options& options,
                  const Drawer& draw) {
  std::string table = "FILENAME;SCRIPT_TYPE\n";
  int id = 0;
  for (auto& sample : roster) {
    sample.name = fmt::format("MS_{:05}_d{}", ++id, sample.domain);
    table += fmt::format("{}.tif;{}\n", sample.name, population.classes[static_cast<std::size_t>(sample.label)]);
    write_image(folder / "images" / (sample.name + ".tif"), draw(sample));
  }
  write_bytes(folder / "labels.csv", table);
  write_splits(folder, population, roster, options);
}

void write_tissue(const fs::path& folder, const Population& population, Roster& roster, const Options&,
                  const Drawer& draw) {
  name_within_class(roster, population, 4, 0);
  for (auto& sample : roster) {
    sample.name = (sample.test ? "test/" : "train/") + sample.name;
    write_image(folder / (sample.name + ".png"), draw(sample));
  }
}

}  // namespace

const std::vector<Layout>& layouts() {
  static const std::vector<Layout> all{
      {{"synthetic-fine",
        {"001.Short_plain_bar", "002.Short_plain_spot", "003.Short_crest_bar", "004.Short_crest_spot",
         "005.Long_plain_bar", "006.Long_plain_spot", "007.Long_crest_bar", "008.Long_crest_spot"},
        {},
        {}},
       48,
       32,
       256,
       60,
       draw_fine,
       write_fine},
      // Rare where ISIC's are: actinic keratosis, dermatofibroma, vascular.
      {{"synthetic-lesion",
        {"MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"},
        {1, 1, 1, 1, 1, 0.67, 0.67},
        {1, 1, 1, 0.6, 1, 0.3, 0.4}},
       60,
       32,
       450,
       60,
       draw_lesion,
       write_lesion},
      {{"synthetic-natural",
        {"disc", "ring", "triangle", "square", "cross", "star", "arrow", "stripes", "checker", "dots"},
        {},
        {}},
       32,
       32,
       32,
       90,
       draw_natural,
       write_natural},
      {{"synthetic-script", {"Rotunda", "Cursiva", "Textura", "Uncial", "Gothica", "Antiqua"}, {}, {}},
       64,
       40,
       512,
       60,
       draw_script,
       write_script},
      {{"synthetic-spectral",
        {"RowsDry", "RowsWet", "PatchDry", "PatchWet", "SpeckDry", "SpeckWet", "RiverDry", "RiverWet"},
        {},
        {}},
       32,
       16,
       128,
       60,
       draw_spectral,
       write_spectral},
      {{"synthetic-tissue", {"01_GLAND", "02_SHEET", "03_SPARSE", "04_STREAM", "05_CLUSTER", "06_VACUOLE"}, {}, {}},
       48,
       32,
       256,
       60,
       draw_tissue,
       write_tissue},
  };
  return all;
}

}  // namespace scant::synthetic
