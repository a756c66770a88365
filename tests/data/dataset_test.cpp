// From files to a data set: the cache and its damage, embedded sets, prepared banks, and what is said when nothing is
// there.
#include "harness/data/dataset.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <thread>

#include "harness/core/json.hpp"
#include "tests/data/support.hpp"

namespace scant {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// CIFAR's binary layout with `images` records a batch, labels in rotation over two classes.
void write_cifar(const test::TemporaryFolder& folder, int images) {
  for (const std::string name : {"data_batch_1.bin", "test_batch.bin"}) {
    std::string batch;
    for (int i = 0; i < images; ++i) {
      batch += static_cast<char>(i % 2);
      batch += std::string(3072, static_cast<char>(i * 3 + static_cast<int>(name.size())));
    }
    folder.write("data/toy/cifar-10-batches-bin/" + name, batch);
  }
}

Card toy_card() {
  Card card;
  card.spec.name = "toy";
  card.spec.classes = {"even", "odd"};
  card.spec.num_classes = 2;
  card.spec.splits = 2;
  card.reader = "cifar-binary";
  card.read_options = {{"image_folder", "cifar-10-batches-bin"},
                       {"files", {{"train", {"data_batch_1.bin"}}, {"test", {"test_batch.bin"}}}}};
  card.folders = {"nowhere", "toy"};
  card.split = {"per-class", {{"train_per_class", 3}, {"val_per_class", 2}}};
  card.file = "toy/card.toml";
  return card;
}

DataHome home_in(const test::TemporaryFolder& folder) {
  return {folder.path() / "data", folder.path() / "cache"};
}

std::vector<std::filesystem::path> cache_files(const DataHome& home) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(home.cache)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(Home, FollowsFlagThenEnvironmentThenCache) {
  const test::TemporaryFolder folder;
  ::setenv("SCANT_DATA", folder.path().c_str(), 1);
  EXPECT_EQ(default_home().data, folder.path());
  EXPECT_EQ(default_home().cache, folder.path() / ".scant");
  EXPECT_EQ(default_home("/flag").data, "/flag");
  ::unsetenv("SCANT_DATA");
  ::setenv("XDG_CACHE_HOME", "/xdg", 1);
  EXPECT_EQ(default_home().data, "/xdg/scant");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::remove);
  EXPECT_EQ(default_home(folder.path()).cache, "/xdg/scant/banks") << "a read-only data folder keeps no cache";
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
  ::setenv("SCANT_CACHE", "/elsewhere", 1);
  EXPECT_EQ(default_home(folder.path()).cache, "/elsewhere");
  ::unsetenv("SCANT_CACHE");
  ::unsetenv("XDG_CACHE_HOME");
}

TEST(Load, UnknownNamesGetASuggestion) {
  EXPECT_THAT(input_error([] { load_dataset("no-such-data-set-at-all", {}, {}); }), HasSubstr("no-such-data-set"));
}

#if SCANT_WITH_IO

TEST(Load, DecodesOnceThenMapsTheCache) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  const DataHome home = home_in(folder);
  const Dataset first = load_dataset(toy_card(), {}, home);
  EXPECT_EQ(first.bank.size(), 48);
  EXPECT_GT(first.decode_seconds, 0);
  EXPECT_EQ(first.split(0).train.size(), 6U);
  EXPECT_EQ(first.split(1).test.size(), 24U);
  EXPECT_NE(first.split(0).digest(), first.split(1).digest());
  EXPECT_THAT(input_error([&] { (void)first.split(2); }), HasSubstr("splits 0 to 1, not 2"));

  const Dataset second = load_dataset(toy_card(), Json::object(), home);
  EXPECT_EQ(second.decode_seconds, 0);
  EXPECT_EQ(second.bank.digest, first.bank.digest);
  EXPECT_EQ(second.split(1).digest(), first.split(1).digest());
  EXPECT_EQ(cache_files(home).size(), 1U);
}

TEST(Load, ADamagedCacheIsRebuiltAndSaysSo) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  const DataHome home = home_in(folder);
  const std::string digest = load_dataset(toy_card(), {}, home).bank.digest;
  const auto file = cache_files(home).at(0);
  const std::string whole = read_file(file);
  for (const std::string& damaged : {std::string(), whole.substr(0, whole.size() / 2), std::string(500, 'x')}) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
    ::testing::internal::CaptureStderr();
    const Dataset rebuilt = load_dataset(toy_card(), {}, home);
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, AllOf(HasSubstr(file.string()), HasSubstr("made anew")));
    EXPECT_EQ(rebuilt.bank.digest, digest);
    EXPECT_GT(rebuilt.decode_seconds, 0);
    EXPECT_EQ(read_file(file), whole) << "the cache was written again";
  }
}

TEST(Load, ChangedFilesAreDecodedAgain) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  const DataHome home = home_in(folder);
  const Dataset before = load_dataset(toy_card(), {}, home);
  write_cifar(folder, 26);
  const Dataset after = load_dataset(toy_card(), {}, home);
  EXPECT_EQ(after.bank.size(), 52);
  EXPECT_EQ(before.bank.size(), 48) << "the earlier bank lives on";
}

TEST(Load, WorksWithoutAWritableCache) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  DataHome home = home_in(folder);
  home.cache = folder.write("a-file", "") / "cache";
  ::testing::internal::CaptureStderr();
  const Dataset dataset = load_dataset(toy_card(), {}, home);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("a-file"));
  EXPECT_EQ(dataset.bank.size(), 48);
}

TEST(Load, TheDataFolderMayBeTheSetItself) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  DataHome home = home_in(folder);
  home.data /= "toy";
  EXPECT_EQ(load_dataset(toy_card(), {}, home).folder, home.data);
}

TEST(Load, PreparedBanksNeedNoFiles) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  const DataHome home = home_in(folder);
  const Dataset original = load_dataset(toy_card(), {}, home);
  const DataHome elsewhere{folder.path() / "elsewhere", folder.path() / "other-cache"};
  std::filesystem::create_directories(elsewhere.data / "banks");
  const auto file = elsewhere.data / "banks/toy.safetensors";
  save_prepared(original, {}, file);

  const Dataset prepared = load_dataset(toy_card(), {}, elsewhere);
  EXPECT_EQ(prepared.bank.digest, original.bank.digest);
  EXPECT_EQ(prepared.stored.size(), 2U);
  EXPECT_EQ(prepared.split(1).digest(), original.split(1).digest());
  EXPECT_THAT(input_error([&] { (void)prepared.split(2); }), HasSubstr("splits 0 to 1"));
  EXPECT_THAT(input_error([&] {
                load_dataset(toy_card(), {{"difficulty", 1}}, elsewhere);
              }),
              AllOf(HasSubstr(file.string()), HasSubstr("difficulty")));
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_THAT(input_error([&] { load_dataset(toy_card(), {}, elsewhere); }), HasSubstr("truncated"));
}

TEST(Load, SaysWhereItLookedAndHowToFetch) {
  const test::TemporaryFolder folder;
  const std::string error = input_error([&] { load_dataset(toy_card(), {}, home_in(folder)); });
  EXPECT_THAT(error, AllOf(HasSubstr("data/nowhere"), HasSubstr("data/toy"), HasSubstr("banks/toy.safetensors"),
                           HasSubstr("scant fetch toy")));
}

TEST(Load, TwoThreadsMayRaceForOneCache) {
  const test::TemporaryFolder folder;
  write_cifar(folder, 24);
  const DataHome home = home_in(folder);
  std::vector<std::string> digests(4);
  std::vector<std::thread> threads;
  for (auto& digest : digests) {
    threads.emplace_back([&digest, &home] { digest = load_dataset(toy_card(), {}, home, 1).bank.digest; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(digests, ::testing::Each(digests[0]));
  EXPECT_EQ(cache_files(home).size(), 1U) << "no half-written file is left";
}

TEST(Embedded, IsGeneratedOnceForEachSetOfOptions) {
  const test::TemporaryFolder folder;
  const DataHome home = home_in(folder);
  const auto& all = cards();
  const auto found = all.find("synthetic-natural");
  if (found == all.end()) GTEST_SKIP() << "the card of synthetic-natural is not here";
  const Json small = {{"pool", 40}, {"test", 4}};
  const Dataset first = load_dataset("synthetic-natural", small, home);
  EXPECT_GT(first.split(0).train.size(), 0U);
  const auto generated = first.folder;
  const auto time = std::filesystem::last_write_time(generated);
  EXPECT_EQ(load_dataset("synthetic-natural", small, home).bank.digest, first.bank.digest);
  EXPECT_EQ(std::filesystem::last_write_time(generated), time);
  Json other = small;
  other["seed"] = 5;
  EXPECT_NE(load_dataset("synthetic-natural", other, home).bank.digest, first.bank.digest);
  for (const auto& entry : std::filesystem::directory_iterator(generated.parent_path())) {
    EXPECT_NE(entry.path().extension(), ".part");
  }
  EXPECT_THROW(load_dataset("synthetic-natural", {{"no-such-option", 1}}, home), InputError);
}

#endif

}  // namespace
}  // namespace scant
