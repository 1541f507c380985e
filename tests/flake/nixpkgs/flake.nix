{
  description = "Stands in for nixpkgs: as much of it as evaluating our own flake touches, and nothing that builds";

  outputs = { self }:
    let
      lib = {
        genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
        cmakeBool = name: value: "-D${name}:BOOL=${if value then "TRUE" else "FALSE"}";
        cmakeFeature = name: value: "-D${name}:STRING=${value}";
        licenses.mit = { spdxId = "MIT"; };
      };

      packages = system:
        let
          # Every derivation is a real one (so that `nix flake show` accepts it) with a builder that nobody runs.
          fake = attrs: derivation ({
            inherit system;
            name = if attrs ? pname then "${attrs.pname}-${attrs.version}" else attrs.name;
            builder = "/bin/false";
          } // builtins.removeAttrs attrs [ "pname" "version" "meta" "src" "inputsFrom" ]) // attrs;
          named = builtins.listToAttrs (map (name: { inherit name; value = fake { inherit name; }; }) [
            "cmake" "ninja" "pkg-config" "python3" "boost" "catch2_3" "cli11" "curl" "fmt" "libxml2" "nlohmann_json" "openssl"
            "simdjson" "tl-expected" "tomlplusplus" "valijson" "zlib" "git" "openssh" "ccache" "clang-tools"
          ]);
          set = named // {
            inherit system lib;
            stdenv = {
              mkDerivation = fake;
              buildPlatform.canExecute = host: true;
              hostPlatform = { };
            };
            mkShell = attrs: fake ({ name = "shell"; } // attrs);
            runCommand = name: attrs: script: fake ({ inherit name script; } // attrs);
            # As the real one: an argument that the set does not have and that has no default is an error.
            callPackage = function: more: function
              (builtins.intersectAttrs (builtins.functionArgs function) set // more);
          };
        in set;
    in {
      inherit lib;
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] packages;
    };
}
