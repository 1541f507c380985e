#!/usr/bin/env bash
# Evaluates the structure of flake.nix with a stand-in for nixpkgs: every output is there, for every
# system, with the right type. What nixpkgs itself would build cannot be known offline.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v nix-instantiate >/dev/null || { echo "flake: nix is not installed, not checked"; exit 0; }
export HOME="${HOME:-/tmp}" NIX_STATE_DIR="${NIX_STATE_DIR:-}"
[ -n "$NIX_STATE_DIR" ] || unset NIX_STATE_DIR

seen=$(nix-instantiate --eval --strict --json --expr "
  let
    flake = import $root/flake.nix;
    systems = [ \"x86_64-linux\" \"aarch64-linux\" \"x86_64-darwin\" \"aarch64-darwin\" ];
    # Any attribute of a package set is a stand-in with its own name.
    names = [ \"boost\" \"cli11\" \"curl\" \"fmt\" \"libxml2\" \"nlohmann_json\" \"openssl\" \"simdjson\" \"tl-expected\" \"tomlplusplus\" \"zlib\"
              \"cmake\" \"ninja\" \"pkg-config\" \"catch2_3\" \"valijson\" \"git\" \"openssh\" \"python3\" \"clang-tools\" ];
    stub = builtins.listToAttrs (map (name: { inherit name; value = name; }) names) // {
      stdenv.mkDerivation = given: given // { type = \"derivation\"; outPath = \"/stub/\" + given.pname; };
      mkShell = given: given // { type = \"derivation\"; };
    };
    genAttrs = keys: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) keys);
    nixpkgs = { lib = { inherit genAttrs; }; legacyPackages = genAttrs systems (_: stub); };
    self = $root;
    out = flake.outputs { inherit self nixpkgs; };
    each = system: {
      package = out.packages.\${system}.default.type == \"derivation\" && out.packages.\${system}.default.pname == \"envlock\";
      app = out.apps.\${system}.default.type == \"app\" && builtins.substring 0 5 out.apps.\${system}.default.program == \"/stub\";
      shell = out.devShells.\${system}.default.type == \"derivation\" && builtins.all builtins.isString out.devShells.\${system}.default.packages;
      check = out.checks.\${system}.tests.doCheck;
    };
  in {
    systems = map each systems;
    overlay = (out.overlays.default stub stub).envlock.pname;
    inputs = builtins.attrNames flake.inputs;
  }")
python3 - "$seen" <<'PY'
import json, sys
seen = json.loads(sys.argv[1])
bad = [s for s in seen["systems"] if not all(s.values())]
assert len(seen["systems"]) == 4 and not bad, bad
assert seen["overlay"] == "envlock" and seen["inputs"] == ["nixpkgs"], seen
print("flake: packages, apps, devShells and checks of 4 systems, and the overlay, evaluate")
PY
