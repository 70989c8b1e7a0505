/// The figures that reeld is held to, each measured with the real program against a sandbox of its own, or
/// with the part of it that matters.
///
/// Every function runs one night, or several, to the end and returns one figure for each promise about it.
/// Where it can, a figure is a ratio to what was possible, so that it says something on any machine. They
/// throw std::runtime_error when a night went so wrong that it has no figures.
#pragma once

#include <string>
#include <vector>

namespace reeld::bench {

struct Figure {
    std::string name;
    std::string asked; ///< In words: "≤ 1.02", or "-" when nothing is asked and the number is for reading.
    std::string measured; ///< With its unit.
    bool met = true;
};

using Figures = std::vector<Figure>;

/// 600 short predictions under a narrow rate of creates: is every token used, and none twice? 15 s.
[[nodiscard]] Figures create_bound();

/// 200 predictions of about 8 s in 10 slots: is an end seen soon, without asking all the time? 160 s,
/// whatever the number of `seeds`, which run side by side; the medians count.
[[nodiscard]] Figures slot_bound(int seeds);

/// 20,000 predictions that end at once, with no limit that matters: what the program itself costs, beside a
/// loop that does nothing but send the same requests. Half a minute.
[[nodiscard]] Figures unlimited();

/// 100,000 shots in one file: how long and how large until they are accepted. 10 s.
[[nodiscard]] Figures accepted();

/// 100,000 shots queued and nothing to do, then a restart: 40 s.
[[nodiscard]] Figures idle();

/// 10,000 creates through the real client to a server that breaks its answers in every way, plain and with
/// TLS, on cold and warm pools: does each arrive once? A minute.
[[nodiscard]] Figures faults();

/// A server of ours, 290 connections that idle, drip or never read, and a process that sends it nonsense as
/// fast as it can: how long does the loop stay away from all else? 5 s.
[[nodiscard]] Figures strangers();

} // namespace reeld::bench
