#include <envlock/codec/policy_codec.hpp>

#include <envlock/json/value.hpp>

namespace envlock {
namespace {

// A JSON string is a TOML basic string for everything that json::quote writes.
std::string list_of(const std::vector<std::string>& names) {
    if (names.empty()) return "[]";
    std::string out = "[\n";
    for (const auto& name : names) out += "  " + json::quote(name) + ",\n";
    return out + "]";
}

}  // namespace

std::string policy_template(const std::vector<std::string>& direct, std::string_view project, std::string_view signing_key) {
    std::string out = "# envlock's policy: what counts, and what fails a check. Every key is optional.\n\n[project]\nname = " + json::quote(project) +
                      "\n# What this project asks for by itself; everything else came along.\ndirect = " + list_of(direct) +
                      "\n# Distributions that weigh double. Without this line: torch, jax, jaxlib, numpy, triton, tensorflow, nvidia-*, cupy*.\n"
                      "# critical = [\"numpy\", \"nvidia-*\"]\n\n"
                      "[gate]\n# The least severity that makes `envlock diff` exit with 1: info, low, medium, high or critical.\nfail_on = \"low\"\n"
                      "# max_points = 10.0       # drift points in all\n# max_divergence = 20.0   # points between the pinned base and the playground\n"
                      "# max_layer = { python = 4.0 }\n"
                      "# allow_unknown = true    # what cannot be observed does not make the exit code 3\n"
                      "# require_signature = true\n# required_layers = [\"python\", \"cuda\"]\n\n"
                      "[weights]\n# \"python:numpy\" = 3.0\n# \"python:*-stubs\" = 0.1\n\n[severity]\n# PY104 = \"info\"\n\n";
    if (signing_key.empty()) out += "# [sign]\n# key = \"/path/to/signing.key\"   # without it: the key that `envlock key new` made\n";
    else out += "[sign]\nkey = " + json::quote(signing_key) + "\n";
    return out + "\n# [[ignore]]\n# id = \"notebook-ui\"\n# rule = \"PY103\"\n# package = \"ipykernel\"\n# reason = \"used interactively only\"\n# expires = \"2027-01-31\"\n";
}

}  // namespace envlock
