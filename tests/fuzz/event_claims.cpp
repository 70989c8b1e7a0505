#include "tests/fuzz/event_claims.h"

#include "daemon/journal/codec.h"
#include "tests/fuzz/claims.h"

namespace reeld::test {

namespace {

constexpr ShotRef kSubject{.batch = 7, .index = 3};

void check_fact(const Fact& fact, std::string_view kind, Claims& claims) {
    claims.check(kind_name(fact) == kind, "a fact is of its kind", kind);
    claims.check(is_durable(fact), "a fact belongs in a journal", kind);
    const ShotRef* shot = shot_of(fact);
    claims.check(shot == nullptr || *shot == kSubject, "a fact is about its shot", kind);
    if (!claims.broken().empty()) return;

    const std::string body = encode_body(fact);
    const DecodedFact again = decode_fact(kind, kSubject, body);
    claims.check(again.fact == fact, "what was decoded is encoded and decoded to the same", body);
    if (again.fact) claims.check(encode_body(*again.fact) == body, "a body has one form", body);
}

} // namespace

std::string broken_event_claim(std::string_view input) {
    const std::string_view kind = take_line(input);
    const DecodedFact decoded = decode_fact(kind, kSubject, input);
    Claims claims;
    claims.check(decoded.fact.has_value() == decoded.error.empty(), "there is a fact, or an error",
                 decoded.error);
    if (decoded.fact) {
        check_fact(*decoded.fact, kind, claims);
    } else {
        claims.check(is_one_line(decoded.error), "an error is one line", decoded.error);
    }
    return claims.broken();
}

} // namespace reeld::test
