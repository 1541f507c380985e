{
  description = "envlock: makes reproducibility claims about Python-on-Nix environments checkable";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = make: nixpkgs.lib.genAttrs systems (system: make system nixpkgs.legacyPackages.${system});

      # callPackage fills the arguments, so that an overlay builds against the package set it is laid over.
      envlock =
        { lib, stdenv, cmake, ninja, pkg-config, python3
        , boost, catch2_3, cli11, curl, fmt, libxml2, nlohmann_json, openssl, simdjson, tl-expected, tomlplusplus
        , valijson, zlib, git, openssh
        , defaultIndex ? ""
        }:
        stdenv.mkDerivation {
          pname = "envlock";
          version = "0.1.0";
          src = self;
          nativeBuildInputs = [ cmake ninja pkg-config ];
          buildInputs = [ boost cli11 curl fmt libxml2 nlohmann_json openssl simdjson tl-expected tomlplusplus zlib ];
          nativeCheckInputs = [ catch2_3 git openssh python3 ];
          checkInputs = [ valijson ];
          cmakeFlags = [
            (lib.cmakeBool "ENVLOCK_TESTS" true)
            # Empty: the program takes the index from the user's pip configuration or from --index-url.
            (lib.cmakeFeature "ENVLOCK_DEFAULT_INDEX" defaultIndex)
          ];
          doCheck = stdenv.buildPlatform.canExecute stdenv.hostPlatform;
          meta = {
            description = "Makes reproducibility claims about Python-on-Nix environments checkable";
            license = lib.licenses.mit;
            mainProgram = "envlock";
            platforms = systems;
          };
        };
    in {
      overlays.default = final: prev: { envlock = final.callPackage envlock { }; };

      packages = each (system: pkgs: {
        default = pkgs.callPackage envlock { };
      });

      apps = each (system: pkgs: {
        default = {
          type = "app";
          program = "${self.packages.${system}.default}/bin/envlock";
        };
      });

      # The package runs its tests while it is built; the second check uses what was installed.
      checks = each (system: pkgs: {
        package = self.packages.${system}.default;
        starts = pkgs.runCommand "envlock-starts" { } ''
          ${self.packages.${system}.default}/bin/envlock --version
          ${self.packages.${system}.default}/bin/envlock schema manifest > $out
        '';
      });

      devShells = each (system: pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ self.packages.${system}.default ];
          packages = [ pkgs.ccache pkgs.clang-tools pkgs.catch2_3 pkgs.valijson pkgs.git pkgs.openssh pkgs.python3 ];
        };
      });
    };
}
