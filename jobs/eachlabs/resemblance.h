/// Whether an unequal input may be ours all the same.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace reeld::eachlabs {

struct CoreValue {
    std::string bare; ///< Without its blanks and quotes.
    bool is_address = false;
    /// It says what the film is about: a sentence, an address, or a list or an object with something in it.
    bool is_content = false;
};

/// Whether a provider shows addresses as they were sent.
enum class Addresses { kept, perhaps_copied };

/// Whether one of the members of `canonical`, an object's canonical text, is an address.
[[nodiscard]] bool has_address(std::string_view canonical);

/// An input by key.
using InputCore = std::map<std::string, CoreValue>;

/// `canonical` is an object's canonical text.
[[nodiscard]] InputCore core_of(std::string_view canonical);

/// Whether a provider that is free with inputs may show `shown` of a prediction that was created with `sent`:
/// the members that both have are alike but for blanks and quotes (texts are trimmed, "5" becomes 5) and for
/// addresses, where those may be of the provider's own copies. Either may have others: defaults are added,
/// and what the model does not know is left out. But not all that a film is about, for something else. Pure.
[[nodiscard]] bool may_have_become(const InputCore& sent, const InputCore& shown, Addresses addresses);

/// Whether `shown` is another's for certain, whatever a provider does to the inputs it shows short of writing
/// texts anew: a member that both have is a text in both, no number in either, and another one. Addresses do
/// not count. Both are objects' canonical texts. Pure.
[[nodiscard]] bool contradicts(std::string_view sent, std::string_view shown);

} // namespace reeld::eachlabs
