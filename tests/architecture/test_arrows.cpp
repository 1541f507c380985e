#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace fs = std::filesystem;

namespace {

// "diff: base model version" → what each room may see; a room always sees itself.
std::map<std::string, std::set<std::string>> read_arrows(const fs::path& file) {
    std::map<std::string, std::set<std::string>> allowed;
    std::ifstream arrows(file);
    for (std::string line; std::getline(arrows, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        std::string room, target;
        std::getline(words, room, ':');
        allowed[room].insert(room);
        while (words >> target) allowed[room].insert(target);
    }
    return allowed;
}

// layers/nix and layers/python are rooms of their own towards each other.
std::string layer_of(const std::string& path) {
    static const std::regex layer(R"re((?:.*/)?layers/([a-z]+)/.*)re");
    std::smatch found;
    return std::regex_match(path, found, layer) ? found[1].str() : "";
}

}  // namespace

TEST_CASE("every include follows an arrow in docs/arrows.txt") {
    const fs::path root = ENVLOCK_SOURCE_DIR;
    const auto allowed = read_arrows(root / "docs/arrows.txt");
    const std::regex include(R"re(^\s*#include\s+[<"]((?:envlock/)?([a-z]+)/[^>"]*)[>"].*)re");
    std::size_t followed = 0;
    for (const auto* top : {"src", "include/envlock"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            if (!entry.is_regular_file()) continue;
            const auto relative = fs::relative(entry.path(), root / top);
            const auto room = relative.begin()->string();
            std::ifstream file(entry.path());
            std::smatch found;
            for (std::string line; std::getline(file, line);) {
                if (!std::regex_match(line, found, include) || !allowed.contains(found[2])) continue;
                INFO(entry.path().string() << ": " << line);
                REQUIRE(allowed.contains(room));
                CHECK(allowed.at(room).contains(found[2]));
                const auto from = layer_of(relative.string());
                const auto to = layer_of(found[1]);
                CHECK((from.empty() || to.empty() || from == to));
                ++followed;
            }
        }
    }
    CHECK(followed > 20);
}
