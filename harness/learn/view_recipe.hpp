// What a contrastive view is made of: where its pixels lie in the image and how its colours change.
#pragma once

namespace scant {

/// Whose brightness, contrast, saturation, hue, grey and blur. pillow: whole numbers 0..255 as Pillow gives them (MoCo,
/// SwAV, mean shift and t-ReX run on it). The others compute on real numbers in [0,1], cut off there after each
/// operation: torchvision as its operations on float tensors; byol adds brightness, keeps each channel's mean when it
/// changes contrast, scales saturation in HSV and blurs with zeros behind the border; simclr the same, but multiplies
/// brightness. Rasters (Samples without colours) have rules of their own, see `views_of`.
enum class ColourRules { pillow, torchvision, byol, simclr };

/// How an image's colours change. Defaults: Chen et al., "Improved Baselines with Momentum Contrastive Learning", 2020.
/// With probability `jitter` brightness, contrast, saturation (factors uniform in 1 -+ the number) and hue (a turn
/// uniform in -+ the number, 1 = once round) change, in an order of the image's own; then grey with probability `grey`;
/// then with probability `blur` Gaussian blur, standard deviation uniform in [blur_min, blur_max] pixels; then with
/// probability `solarise` values from the middle of the range on are inverted.
struct ColourChange {
  double jitter = 0.8, brightness = 0.4, contrast = 0.4, saturation = 0.4, hue = 0.1;
  double grey = 0.2;
  double blur = 0.5, blur_min = 0.1, blur_max = 2.0;
  double solarise = 0;
  /// Probability of a change of the stains before the jitter: haematoxylin, eosin and DAB each times uniform in 1 -+
  /// stain_scale plus uniform in -+ stain_shift (specs: ssl, section 9). Three channels only.
  double stain = 0, stain_scale = 0.05, stain_shift = 0.01;
  /// Probability of a change of contrast alone, after the rest; factor uniform in 1 -+ contrast_range.
  double contrast_alone = 0, contrast_range = 0.2;
  ColourRules rules = ColourRules::pillow;
};

/// One view of an image. The crop covers an area share uniform in [min_scale, max_scale] at an aspect of 3/4..4/3 and
/// is resized to `size` x `size` with Pillow's bilinear or bicubic filter; then flips with the probabilities given and,
/// with `quarter_turns`, a turn by 0, 90, 180 or 270 degrees; then the colours.
struct ViewRecipe {
  int size = 0;  // output side in pixels, 0: the samples'
  double min_scale = 0.2, max_scale = 1;
  bool bicubic = false;
  double hflip = 0.5, vflip = 0;
  bool quarter_turns = false;
  ColourChange colour = {};
  /// Probability of a grid distortion: `distort_steps` stripes a direction, each wider or narrower by a share uniform
  /// in -+ distort_limit.
  double distort = 0, distort_limit = 0.2;
  int distort_steps = 9;
  /// Probability that the fields of a grid of `shuffle_fields` x `shuffle_fields` change places.
  double shuffle = 0;
  int shuffle_fields = 3;
};

}  // namespace scant
