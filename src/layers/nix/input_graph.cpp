#include "layers/nix/input_graph.hpp"

#include <algorithm>

namespace envlock::nix {
namespace {

constexpr std::size_t k_most_nodes = 10'000;
constexpr std::size_t k_deepest = 64;
constexpr std::size_t k_most_paths = 100'000;
constexpr std::size_t k_most_path_bytes = 32U << 20U;  // of all paths together: names have no limit of their own
// Follows that name follows can multiply: the whole file gets this many steps.
constexpr std::size_t k_most_steps = 5'000'000;

void append_name(std::string& path, std::string_view name) {
    if (!path.empty()) path += '/';
    for (const char c : name) {
        if (c == '/') path += "%2F";
        else if (c == '%') path += "%25";
        else path += c;
    }
}

// For messages: a hostile label can be megabytes long.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 120;
    return "\"" + std::string(text.substr(0, longest)) + (text.size() > longest ? "…\"" : "\"");
}

Edge read_edge(const std::string& name, const json::Value& value) {
    Edge edge{.name = name};
    if (const auto* label = value.string()) {
        edge.label = *label;
        return edge;
    }
    const auto* path = value.array();
    edge.is_follows = path != nullptr;
    edge.malformed = path == nullptr;
    if (path == nullptr) return edge;
    for (const auto& part : *path) {
        if (const auto* text = part.string()) edge.follows.push_back(*text);
        else edge.malformed = true;
    }
    return edge;
}

}  // namespace

const Edge* Node::edge(std::string_view name) const {
    const auto found = std::ranges::lower_bound(edges, name, {}, &Edge::name);
    return found != edges.end() && found->name == name ? &*found : nullptr;
}

const Node* InputGraph::find(std::string_view label) const {
    const auto found = m_by_label.find(label);
    return found == m_by_label.end() ? nullptr : &m_nodes[found->second];
}

std::string InputGraph::load(const json::Value& nodes, std::string_view root_label) {
    const auto* object = nodes.object();
    if (object == nullptr) return "\"nodes\" is not an object";
    if (object->size() > k_most_nodes) return "more than " + std::to_string(k_most_nodes) + " nodes";
    m_nodes.reserve(object->size());  // the views below need it never to move
    for (const auto& [label, value] : *object) {
        if (value.object() == nullptr) return "node " + quoted(label) + " is not an object";
        Node node{.label = label, .json = &value};
        const auto* inputs = value.find("inputs");
        // Nix reads `null` as no inputs, and such files exist.
        if (inputs != nullptr && !inputs->is_null()) {
            if (inputs->object() == nullptr) return "\"inputs\" of node " + quoted(label) + " is not an object";
            for (const auto& [name, target] : *inputs->object()) node.edges.push_back(read_edge(name, target));
        }
        std::ranges::sort(node.edges, {}, &Edge::name);
        m_nodes.push_back(std::move(node));
    }
    for (std::size_t i = 0; i < m_nodes.size(); ++i) m_by_label.emplace(m_nodes[i].label, i);
    m_root = find(root_label);
    return m_root == nullptr ? "the root node " + quoted(root_label) + " does not exist" : "";
}

std::string InputGraph::walk(std::vector<Visit>& out) const {
    struct Frame {
        const Node* node;
        std::size_t next;
        std::size_t path_length;  // of the path to this node
    };
    std::vector<Frame> stack{{m_root, 0, 0}};
    std::string path;
    std::size_t bytes = 0;
    while (!stack.empty()) {
        auto& frame = stack.back();
        path.resize(frame.path_length);
        if (frame.next == frame.node->edges.size()) {
            stack.pop_back();
            continue;
        }
        const auto& edge = frame.node->edges[frame.next++];
        append_name(path, edge.name);
        bytes += path.size();
        if (out.size() == k_most_paths || bytes > k_most_path_bytes) return "more than " + std::to_string(k_most_paths) + " input paths, or too long ones";
        Visit visit{.path = path, .edge = &edge};
        if (edge.malformed) visit.problem = "is neither the name of a node nor a list of input names";
        else if (edge.is_follows) visit.problem = resolve(edge.follows);
        else if (visit.node = find(edge.label); visit.node == nullptr) visit.problem = "references the missing node " + quoted(edge.label);
        const auto active = [&](const Frame& other) { return other.node == visit.node; };
        if (visit.node != nullptr && std::ranges::any_of(stack, active)) {
            visit.problem = visit.node == m_root ? "leads back to the root node" : "is a cycle through node " + quoted(edge.label);
            visit.node = nullptr;
        } else if (visit.node != nullptr && stack.size() >= k_deepest) {
            visit.problem = "is nested more than " + std::to_string(k_deepest) + " deep";
            visit.node = nullptr;
        }
        if (visit.node != nullptr) stack.push_back({visit.node, 0, path.size()});
        out.push_back(std::move(visit));
    }
    return "";
}

std::string InputGraph::resolve(const std::vector<std::string>& path) const {
    struct Frame {
        const std::vector<std::string>* path;
        std::size_t next;
    };
    std::vector<Frame> stack{{&path, 0}};
    const auto* node = m_root;
    while (!stack.empty()) {
        auto& frame = stack.back();
        if (frame.next == frame.path->size()) {
            stack.pop_back();
            continue;
        }
        if (++m_steps > k_most_steps) return "follows too much to be resolved";
        const auto& name = (*frame.path)[frame.next++];
        const auto* edge = node->edge(name);
        if (edge == nullptr || edge->malformed) return "follows the missing input " + quoted(join_input_path(*frame.path));
        if (!edge->is_follows) {
            node = find(edge->label);
            if (node == nullptr) return "follows " + quoted(join_input_path(*frame.path)) + ", which has no node";
            continue;
        }
        const auto same = [&](const Frame& other) { return *other.path == edge->follows; };
        if (std::ranges::any_of(stack, same)) return "follows itself through " + quoted(join_input_path(edge->follows));
        if (stack.size() >= k_deepest) return "follows more than " + std::to_string(k_deepest) + " others";
        stack.push_back({&edge->follows, 0});
        node = m_root;
    }
    return "";
}

std::string join_input_path(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) append_name(out, name);
    return out;
}

}  // namespace envlock::nix
