#!/usr/bin/python3
"""The peer of bench_augment: the same augmentations image by image with Pillow and NumPy, as torchvision's transforms do
them. One process; prints images a second, the median of five rounds. Needs Debian's python3-pil and python3-numpy.

  /usr/bin/python3 tests/bench/pillow_peer.py && build/bench_augment
"""
import math
import random
import statistics
import time

import numpy
from PIL import Image, ImageOps

MEAN = numpy.array([0.5, 0.5, 0.5], dtype=numpy.float32).reshape(3, 1, 1)
STD = numpy.array([0.25, 0.25, 0.25], dtype=numpy.float32).reshape(3, 1, 1)


def tensor(image):
    values = numpy.asarray(image, dtype=numpy.uint8).transpose(2, 0, 1)
    return (values.astype(numpy.float32) / 255 - MEAN) / STD


def flipped(image, vertical):
    if random.random() < 0.5:
        image = ImageOps.mirror(image)
    if vertical and random.random() < 0.5:
        image = ImageOps.flip(image)
    return image


def shift_and_flips(image):
    values = numpy.pad(numpy.asarray(image), ((4, 4), (4, 4), (0, 0)), mode="reflect")
    left, top = random.randint(0, 8), random.randint(0, 8)
    padded = Image.fromarray(values)
    return tensor(flipped(padded.crop((left, top, left + 32, top + 32)), vertical=True))


def resized_crop(image):
    width, height = image.size
    for _ in range(10):
        area = width * height * random.uniform(0.4, 1)
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            break
    else:
        w, h = min(width, height), min(width, height)
    left, top = random.randint(0, width - w), random.randint(0, height - h)
    crop = image.crop((left, top, left + w, top + h)).resize((224, 224), Image.BILINEAR)
    return tensor(flipped(crop, vertical=False))


def images_a_second(transform, images):
    rates = []
    for _ in range(5):
        start = time.perf_counter()
        batch = numpy.stack([transform(image) for image in images])
        rates.append(len(batch) / (time.perf_counter() - start))
    return statistics.median(rates)


def noise(count, width, height):
    generator = numpy.random.default_rng(1)
    return [Image.fromarray(generator.integers(0, 256, (height, width, 3), dtype=numpy.uint8)) for _ in range(count)]


print(f"shift_and_flips {images_a_second(shift_and_flips, noise(500, 32, 32)):10.0f} images/s")
print(f"resized_crop    {images_a_second(resized_crop, noise(100, 500, 375)):10.0f} images/s")
