/// Whether a request's head was spelled as RFC 9112 wants it, by what libmicrohttpd 0.9.75 leaves in memory.
///
/// That version takes a bare line feed for the end of a line, joins folded lines, keeps a blank before the
/// colon in the name, and cuts a line at a NUL; a proxy before it may read such lines in another way. It does
/// not say so, but it keeps the head where it read it and puts a NUL in place of every byte that ended
/// something: the colon, the carriage return and the line feed. So the head can be read again.
///
/// This is about one version: see reads_in_place(). Later ones are strict themselves when they are told to.
#pragma once

#include <cstddef>
#include <string_view>

namespace reeld::http {

/// Whether the library of this process is the version whose memory is known.
[[nodiscard]] bool reads_in_place();

/// `fields` are the bytes behind the request line up to the end of the empty line, as the library leaves
/// them; `count` is how many headers it found there. False when any line was not `NAME:VALUE<CR><LF>`.
[[nodiscard]] bool is_strict(std::string_view fields, std::size_t count);

} // namespace reeld::http
