// Event files that TensorBoard reads, without protobuf: four fields of one message, and the framing of TFRecord.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "results/logs/curves.hpp"

namespace scant {

/// CRC-32C (Castagnoli), as TFRecord's frames carry it, masked.
std::uint32_t crc32c(std::string_view bytes);

/// The bytes of an event file with the curves of one training. Events are dated by the training's own clock, seconds
/// since its start, so that the same record gives the same bytes.
std::string event_file(const Record& record);

/// Writes <folder>/<run_name>/events.out.tfevents.0.scant, replacing it. Throws InputError naming what cannot be
/// written.
void write_events(const std::filesystem::path& folder, const Study& study, const Record& record);

}  // namespace scant
