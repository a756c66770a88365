// `scant doctor` as a user calls it.
#include "tests/support/program.hpp"

namespace scant {
namespace {

class Doctor : public test::ProgramTest {
 protected:
  /// By what they are about.
  std::map<std::string, nlohmann::json> findings() const {
    std::map<std::string, nlohmann::json> all;
    for (const nlohmann::json& finding : nlohmann::json::parse(out_)) all[finding.at("what")] = finding;
    return all;
  }
};

TEST_F(Doctor, SaysWhatTheMachineCanDo) {
  EXPECT_EQ(scant({"--json", "doctor"}), 0) << err_;
  const auto all = findings();
  EXPECT_NE(all.at("matrix product").at("detail").get<std::string>().find("GFLOP/s"), std::string::npos);
  EXPECT_TRUE(all.contains("libtorch"));
  EXPECT_FALSE(all.contains("reference speed")) << "takes seconds, so only when asked for";
}

TEST_F(Doctor, MeasuresADeviceWithTheReferenceWorkload) {
  EXPECT_EQ(scant({"--json", "doctor", "--speed", "cpu"}), 0) << err_;
  const std::string detail = findings().at("reference speed").at("detail");
  EXPECT_NE(detail.find("reference devices ("), std::string::npos) << detail;
  EXPECT_GT(std::stod(detail), 0);
}

TEST_F(Doctor, RefusesWhatIsNoDevice) {
  for (const std::string name : {"gpu", "cuda:", "cuda:x"}) {
    EXPECT_EQ(scant({"doctor", "--speed", name}), 2) << name;
    EXPECT_NE(err_.find(name + " is no device: use cpu, cuda or cuda:N"), std::string::npos) << err_;
  }
}

}  // namespace
}  // namespace scant
