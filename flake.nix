{
  description = "envlock: makes reproducibility claims about Python-on-Nix environments checkable";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEach = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});

      # Tools and libraries by nixpkgs' names; the versions of Debian 12 are the other floor.
      buildTools = pkgs: [ pkgs.cmake pkgs.ninja pkgs.pkg-config ];
      libraries = pkgs: [
        pkgs.boost pkgs.cli11 pkgs.curl pkgs.fmt pkgs.libxml2 pkgs.nlohmann_json
        pkgs.openssl pkgs.simdjson pkgs.tl-expected pkgs.tomlplusplus pkgs.zlib
      ];
      testing = pkgs: [ pkgs.catch2_3 pkgs.valijson pkgs.git pkgs.openssh pkgs.python3 ];

      package = pkgs: { tests ? false }: pkgs.stdenv.mkDerivation {
        pname = "envlock";
        version = "0.1.0";
        src = self;
        nativeBuildInputs = buildTools pkgs ++ (if tests then testing pkgs else [ ]);
        buildInputs = libraries pkgs;
        # pip is not asked for its index in a sandbox: without an index configured, envlock says so.
        cmakeFlags = [ (if tests then "-DENVLOCK_TESTS=ON" else "-DENVLOCK_TESTS=OFF") ];
        doCheck = tests;
        meta = {
          description = "Signed, diffable record of a Python-on-Nix environment";
          license = "MIT";
          mainProgram = "envlock";
        };
      };
    in
    {
      packages = forEach (pkgs: rec {
        envlock = package pkgs { };
        default = envlock;
      });

      apps = forEach (pkgs: rec {
        envlock = { type = "app"; program = "${package pkgs { }}/bin/envlock"; };
        default = envlock;
      });

      devShells = forEach (pkgs: {
        default = pkgs.mkShell {
          packages = buildTools pkgs ++ libraries pkgs ++ testing pkgs ++ [ pkgs.clang-tools ];
        };
      });

      checks = forEach (pkgs: { tests = package pkgs { tests = true; }; });

      overlays.default = final: prev: { envlock = package final { }; };
    };
}
