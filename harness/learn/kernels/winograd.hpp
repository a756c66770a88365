// The arithmetic of Winograd convolutions on a CPU, on plain arrays: what winograd_conv2d calls.
//
// A map is cut into tiles of 4 x 4 outputs; each reads 6 x 6 inputs. With the matrices A, B and G of F(4x4, 3x3) (Lavin
// and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016), an output tile is
// A^T [sum over channels of (G g G^T) * (B^T d B)] A: 36 products a channel instead of 144. The backward pass is the
// adjoint of each step in turn.
#pragma once
#include <cstdint>

namespace scant::kernels {

/// A convolution with kernel 3, stride 1 and padding 1. Channels are multiples of `channel_step`.
struct ConvShape {
  std::int64_t height = 0, width = 0, in = 0, out = 0;
};
inline constexpr std::int64_t channel_step = 16;
inline constexpr std::int64_t points = 36;  // of a transformed tile

/// Floats of a transformed kernel: 36 planes.
std::int64_t winograd_kernel_floats(const ConvShape& shape);
/// Floats that a call of winograd_forward or winograd_backward works in, for its one thread.
std::int64_t winograd_scratch_floats(const ConvShape& shape);

/// Kernels out x 3 x 3 x in -> 36 x out/16 x in x 16, as the right factor of a product of matrices is read.
void transform_kernel(const float* kernel, std::int64_t out, std::int64_t in, float* transformed);
/// The same kernels for the way back -> 36 x in/16 x out x 16.
void transform_kernel_turned(const float* kernel, std::int64_t out, std::int64_t in, float* transformed);
/// The adjoint of the transform, from 36 x out x in to out x 3 x 3 x in.
void transform_kernel_gradient(const float* transformed, std::int64_t out, std::int64_t in, float* gradient);

/// y = convolution of `images` maps x. x: images x height x width x in; y: likewise with out channels; kernel:
/// transformed.
void winograd_forward(const ConvShape& shape, std::int64_t images, const float* x, const float* kernel, float* y,
                      float* scratch);

/// Adds to whatever of the two gradients is asked for (not null): dx, as x, which needs the kernel
/// transformed and `turned`; and dkernel, 36 x out x in.
void winograd_backward(const ConvShape& shape, std::int64_t images, const float* x, const float* dy,
                       const float* turned, float* dx, float* dkernel, float* scratch);

}  // namespace scant::kernels
