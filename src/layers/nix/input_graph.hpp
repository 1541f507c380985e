#pragma once

#include <envlock/json/value.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace envlock::nix {

// What an input's name leads to: a node by its label, or (follows) an input path from the root.
struct Edge {
    std::string name;
    std::string label;
    std::vector<std::string> follows;
    bool is_follows = false;
    bool malformed = false;
};

struct Node {
    std::string label;
    const json::Value* json = nullptr;
    std::vector<Edge> edges;  // sorted by name
    const Edge* edge(std::string_view name) const;
};

// One step of a walk: the input reached, by its path from the root.
struct Visit {
    std::string path;
    const Edge* edge = nullptr;
    const Node* node = nullptr;  // nullptr: follows, missing or not entered
    std::string problem;         // why the walk stops here, or ""
};

// The nodes of a lock file and the questions asked about them. Refers into the parsed document.
class InputGraph {
public:
    // Returns "" or what is wrong with the file as a whole.
    std::string load(const json::Value& nodes, std::string_view root_label);

    // Every input path, depth first in the order of names, without entering what an input
    // follows. Returns "" or why it gave up (too many).
    std::string walk(std::vector<Visit>& out) const;

    // Where an input path leads, from the root and by names. "" or what is in the way.
    std::string resolve(const std::vector<std::string>& path) const;

private:
    const Node* find(std::string_view label) const;
    std::vector<Node> m_nodes;
    std::unordered_map<std::string_view, std::size_t> m_by_label;
    const Node* m_root = nullptr;
    mutable std::size_t m_steps = 0;
};

// "a/b" of {"a", "b"}; a '/' or '%' inside a name is written %2F or %25.
std::string join_input_path(const std::vector<std::string>& names);

}  // namespace envlock::nix
