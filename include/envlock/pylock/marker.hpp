#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace envlock::pylock {

enum class Truth : std::uint8_t { no, yes, unknown };

// What is known about the environment a marker asks about. A variable that is not here is unknown,
// and so is every answer that depends on it: nothing is guessed. `extra` is an ordinary variable
// ("" where no extra was asked for).
struct MarkerEnvironment {
    std::map<std::string, std::string, std::less<>> variables;
    std::optional<std::set<std::string, std::less<>>> extras, dependency_groups;  // pylock.toml only; normalised
};

// An environment marker (dependency specifiers; PEP 508, and PEP 751's `extras` and
// `dependency_groups`). The old spellings os.name, sys.platform, python_implementation, … are
// read; a backslash in a string is refused, as the grammar does.
class Marker {
public:
    // nullopt for what is no marker, nests deeper than 64 or is longer than 64 KiB.
    static std::optional<Marker> parse(std::string_view text);

    Truth holds(const MarkerEnvironment& environment) const;
    std::string text() const;  // one normal form: double quotes, single spaces, only the brackets that are needed

private:
    struct Operand {
        bool variable = false;
        std::string text;
    };
    struct Expression {
        enum class Kind : std::uint8_t { comparison, all, any };
        Kind kind = Kind::comparison;
        Operand left, right;
        std::string op;
        std::vector<Expression> parts;
    };
    class Parser;
    static Truth holds(const Expression& expression, const MarkerEnvironment& environment);
    static Truth compare(const Expression& expression, const MarkerEnvironment& environment);
    static std::string text(const Expression& expression, bool inside_all);

    Expression m_root;
};

// The answer for a marker as a lock holds it: "" holds everywhere, what is no marker is unknown.
Truth marker_holds(std::string_view text, const MarkerEnvironment& environment);

Truth both(Truth a, Truth b);
Truth either(Truth a, Truth b);

}  // namespace envlock::pylock
