/// A stand-in for the daemon's page: the page's own files and an API whose night the test decides on.
///
/// Three shots of one batch, "harbor": gulls (done, with a clip), sunrise (rendering) and market (waiting).
/// It keeps the rules that a browser sees: the policy, and no change without the session and the header.
///
/// Threading: the loop's, on which the browser is driven, too.
#pragma once

#include "daemon/http/server.h"

#include <memory>
#include <string>
#include <vector>

namespace reeld::test {

class Stage {
public:
    struct Shot {
        std::string id;
        std::string state;
        std::string prompt = "A gull lands on a wet railing";
        std::string model = "kling-v3-pro-text-to-video";
        std::string message; ///< The provider's, of one that failed.
        std::string url;     ///< Empty: the clip that the stage serves, of a shot that is done.
    };

    explicit Stage(Loop& loop);

    [[nodiscard]] std::string url() const;

    std::vector<Shot> shots;
    bool may_act = true;
    std::vector<std::string> changes; ///< "PATH BODY" of the changes that were asked for and allowed.
    int refused = 0;                  ///< Changes that came without session or header.

    /// Tells all pages what is now.
    void tell();

    /// Ends every stream and answers nothing until `on` again.
    void be_reachable(bool on);

private:
    http::Reply answer(const http::Request& request);
    http::Reply events();
    http::Reply change(const http::Request& request);
    [[nodiscard]] std::string status() const;
    [[nodiscard]] std::string batch_members() const;
    [[nodiscard]] std::string all_shots() const;
    [[nodiscard]] std::string shot(std::size_t index) const;

    bool reachable_ = true;
    std::vector<std::shared_ptr<http::Stream>> streams_;
    http::Server server_;
};

} // namespace reeld::test
