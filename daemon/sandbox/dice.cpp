#include "daemon/sandbox/dice.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace reeld::sandbox {

namespace {

/// The finalizer of splitmix64: each bit of the input flips each bit of the result about half the time.
std::uint64_t scramble(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31);
}

/// 2^64 divided by the golden ratio, odd: multiples of it spread evenly over 64 bits.
constexpr std::uint64_t kStride = 0x9e3779b97f4a7c15U;

/// The 53 bits that fit a double's mantissa, scaled to [0, 1).
double unit(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

} // namespace

std::uint64_t Dice::bits(Purpose purpose, std::uint64_t number) const {
    const std::uint64_t stream = scramble(seed_ + kStride * (static_cast<std::uint64_t>(purpose) + 1));
    return scramble(stream + kStride * (number + 1));
}

double Dice::uniform(Purpose purpose, std::uint64_t number) const {
    return unit(bits(purpose, number));
}

double Dice::around_one(Purpose purpose, std::uint64_t number, double spread) const {
    assert(spread >= 0);
    const std::uint64_t first = bits(purpose, number);
    // Box and Muller; 1 - u lies in (0, 1], where the logarithm is finite.
    const double radius = std::sqrt(-2.0 * std::log(1.0 - unit(first)));
    const double normal = radius * std::cos(2.0 * std::numbers::pi * unit(scramble(first)));
    const double variance = std::log1p(spread * spread);
    return std::exp(normal * std::sqrt(variance) - variance / 2.0);
}

} // namespace reeld::sandbox
