/// The operator of a simulated night, who looks at the provider and says what became of lost creates.
#pragma once

#include "tests/simulation/shell.h"

namespace reeld::test {

class Person {
public:
    struct Parts {
        Dice& dice;
        const Clocks& clocks;
        Faults& faults;
        const Audit& audit;
    };
    /// `patience`: how long after its send a create that is in no book is believed to be lost.
    Person(Parts parts, Duration patience) : parts_(parts), patience_(patience) {}

    /// Settles some of the shots that are in doubt or held, mostly as the books have it.
    void look(Shell& shell);
    /// Pauses and resumes, and cancels some shots.
    void meddle(Shell& shell);
    /// Settles every shot that is held, as the books have it, and resumes what is paused.
    void clear(Shell& shell);

private:
    [[nodiscard]] std::optional<Fact> truth(const Shell& shell, ShotRef shot) const;

    Parts parts_;
    Duration patience_;
};

} // namespace reeld::test
