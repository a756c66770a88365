// Bytes as text: what data: addresses of pictures need.
#pragma once
#include <string>
#include <string_view>

namespace scant {

/// RFC 4648, with padding, without line breaks.
std::string base64(std::string_view bytes);

}  // namespace scant
