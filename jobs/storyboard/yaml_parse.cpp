#include "jobs/storyboard/yaml_tree_builder.h"

#include <istream>
#include <streambuf>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace reeld {

namespace {

/// A stream buffer over a text that is in memory already: a file of 64 MiB is not copied for the parser.
class TextBuffer : public std::streambuf {
public:
    explicit TextBuffer(std::string_view text) {
        // A get area is never written to; the interface is older than const.
        char* begin = const_cast<char*>(text.data()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
        setg(begin, begin, begin + text.size());
    }
};

/// Feeds the text to the builder. Twice: the second call finds what follows the document.
void run_parser(std::string_view text, YamlTreeBuilder& builder) {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
}

} // namespace

std::optional<YamlTree> parse_yaml(const SourceText& source, const StoryboardLimits& limits,
                                   FaultList& faults) {
    YamlTreeBuilder builder(source, limits, faults);
    try {
        run_parser(source.text(), builder);
    } catch (const YamlStop&) {
        return std::nullopt;
    } catch (const YAML::Exception& error) {
        const std::size_t end = source.text().size();
        builder.add_syntax_fault(error.mark.pos < 0 ? end : static_cast<std::size_t>(error.mark.pos),
                                 error.msg);
        return std::nullopt;
    }
    return builder.take();
}

} // namespace reeld
