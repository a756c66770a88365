// Archives to folders, without trusting the names in them.
#pragma once
#include <filesystem>
#include <string>

namespace scant {

/// Unpacks an archive (zip, tar with any compression, 7z, or a single file as .gz, .bz2 or .xz, which loses that
/// ending) into `scratch`, which is made anew, and then moves the files to `folder`: a file of the same name is
/// replaced, others stay. `strip`: only what lies below this folder of the archive is wanted, without it. On an error
/// `folder` is untouched and `scratch` removed. Throws InputError naming the archive and entry for damaged archives,
/// absolute names, names with "..", links and devices.
void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder, const std::string& strip,
            const std::filesystem::path& scratch);

}  // namespace scant
