/// The provider of a simulated night, with books and a clock of its own.
///
/// It speaks HTTP as text, so that the daemon's own readers read it. It bills every prediction that it
/// creates and recognises no repeats; its list may lag and its answers may lie, but its books are the truth
/// that the audit goes by. It knows nothing of shots: whose a prediction is, the request id tells those who
/// sent it.
#pragma once

#include "daemon/net/http.h"
#include "jobs/eachlabs/requests.h"
#include "tests/simulation/clocks.h"
#include "tests/simulation/faults.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reeld::test {

/// A prediction as the provider's books have it.
struct Booked {
    std::string id;
    std::string model;
    std::string input;      ///< As it was sent.
    std::string request_id; ///< Empty: another program's.
    std::string webhook;    ///< The token of the path that is to be told of its end; empty: none.
    std::string webhook_secret;
    Moment created_at{};
    Moment ends_at{};
    enum class End : std::uint8_t { video, no_url, failure, moderation, cancelled } end{};

    /// Whether it made, or is going to make, a video that can be had.
    [[nodiscard]] bool makes_video() const { return end == End::video; }
};

class Provider {
public:
    struct Parts {
        Dice& dice;
        Clocks& clocks;
        Faults& faults;
    };
    struct Habits {
        Duration list_lag_max{}; ///< How far the list lags at most.
        Duration hang_min{};     ///< How long a prediction takes at least that hangs.
        Duration late_max{};     ///< How long after a 5xx a create may still be executed.
    };
    Provider(Parts parts, Habits habits) : parts_(parts), habits_(habits) {}

    /// A request arrives. Requires that it is a create.
    HttpAnswer create(const eachlabs::Call& call);
    /// Likewise for all others.
    HttpAnswer answer(const eachlabs::Call& call);

    /// Another program creates a prediction.
    void create_foreign(const std::string& model, const std::string& input);

    /// Another program sends this create.
    void repeat_as_foreign(const eachlabs::Call& call);

    /// Creates that are going to be executed although their answer was an error.
    struct Delayed {
        Duration after{};
        eachlabs::Call call;
    };
    [[nodiscard]] std::optional<Delayed> take_delayed() { return std::exchange(delayed_, std::nullopt); }
    /// Executes one.
    const Booked& execute(const eachlabs::Call& call);

    [[nodiscard]] const std::vector<Booked>& books() const { return books_; }
    [[nodiscard]] const Booked* find(const std::string& id) const;
    [[nodiscard]] bool running(const Booked& it) const { return parts_.clocks.now < it.ends_at; }

private:
    struct Fate {
        Duration takes{};
        Booked::End end{};
    };
    const Booked& book(std::string model, std::string input, std::string request_id);
    [[nodiscard]] Fate draw_fate();
    [[nodiscard]] std::optional<HttpAnswer> refuse_create();
    [[nodiscard]] HttpAnswer poll(const std::string& id);
    [[nodiscard]] HttpAnswer cancel(const std::string& id);
    [[nodiscard]] HttpAnswer list(const std::string& query);
    [[nodiscard]] Duration list_lag(std::size_t offset);
    [[nodiscard]] HttpAnswer reply(int status, std::string body) const;
    [[nodiscard]] HttpAnswer error(int status, const std::string& words) const;
    [[nodiscard]] std::string prediction_body(const Booked& it);

    Parts parts_;
    Habits habits_;
    std::vector<Booked> books_; ///< In order of creation.
    std::map<std::string, std::size_t> index_;
    std::optional<Delayed> delayed_;
    Duration replica_lag_{}; ///< Of the machine that answers this look.
};

} // namespace reeld::test
