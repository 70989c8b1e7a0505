/// Values as bytes, for the pipe between the daemon and the process that reads storyboards.
///
/// Both ends are the same program on the same machine, so numbers are in its own byte order and there is no
/// version. Reading trusts nothing: a text longer than what is there, or a value out of range, makes the
/// whole message invalid.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace reeld {

/// Appends values to a message.
class WireWriter {
public:
    template <std::integral Number>
    void number(Number value) {
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        out_.append(bytes, sizeof value);
    }
    void text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        out_ += value;
    }
    /// A list is its length, then its elements.
    void length(std::size_t value) { number(static_cast<std::uint32_t>(value)); }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::string out_;
};

/// Takes values off a message, in the order in which they were written. After the first that is not there,
/// everything reads as zero or empty, and ok() is false.
class WireReader {
public:
    explicit WireReader(std::string_view message) : rest_(message) {}

    template <std::integral Number>
    [[nodiscard]] Number number() {
        Number value{};
        const std::string_view bytes = cut(sizeof value);
        if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    [[nodiscard]] std::string text() { return std::string(cut(number<std::uint32_t>())); }

    /// The length of a list whose elements have at least one byte each, so that a wrong length cannot
    /// reserve memory for more elements than the message could hold.
    [[nodiscard]] std::size_t length() {
        const auto value = number<std::uint32_t>();
        if (value > rest_.size()) ok_ = false;
        return ok_ ? value : 0;
    }

    /// Everything so far was there.
    [[nodiscard]] bool ok() const { return ok_; }
    /// And nothing is left over.
    [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

private:
    std::string_view cut(std::size_t size) {
        if (size > rest_.size()) ok_ = false;
        if (!ok_) return {};
        const std::string_view bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }

    std::string_view rest_;
    bool ok_ = true;
};

} // namespace reeld
