#include "layers/platform/facts.hpp"
#include "layers/platform/probe.hpp"

#include "support/catch.hpp"
#include "support/fake_machine.hpp"

using namespace envlock;
using test::FakeMachine;

namespace {

std::string elf(char machine, char order = 1) {
    std::string header(64, '\0');
    header.replace(0, 4, "\x7f" "ELF");
    header[5] = order;
    header[order == 1 ? 18 : 19] = machine;
    return header;
}
LayerSnapshot probe(std::map<std::string, std::string> files, std::map<std::string, std::string> environment = {}) {
    FakeMachine machine(std::move(files), std::move(environment));
    auto snapshot = platform::probe_platform(machine.context());
    REQUIRE(snapshot);
    return *std::move(snapshot);
}
std::string version(const LayerSnapshot& layer, std::string_view key) {
    const auto* component = layer.find(key);
    return component == nullptr ? "absent" : component->unknown ? "?" : component->version;
}
constexpr std::string_view k_glibc = "\0GNU C Library (Debian GLIBC 2.36-9+deb12u7) stable release version 2.36.\nCopyright";

}  // namespace

TEST_CASE("a Debian machine is described from its files") {
    const auto layer = probe({{"/proc/sys/kernel/ostype", "Linux\n"}, {"/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n"},
                              {"/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n"},
                              {"/bin/sh", elf(62)}, {"/lib/x86_64-linux-gnu/libc.so.6", std::string(300'000, 'x') + std::string(k_glibc.data(), 75)}});

    CHECK(version(layer, "os") == "linux");
    CHECK(version(layer, "arch") == "x86_64");
    CHECK(version(layer, "libc") == "glibc 2.36");
    CHECK(layer.find("libc")->path == std::vector<PathLevel>{{"major", "2"}, {"minor", "36"}});
    CHECK(version(layer, "distribution") == "debian-12");
    CHECK(layer.find("distribution")->path == std::vector<PathLevel>{{"value", "debian-12"}});
    CHECK(version(layer, "kernel") == "6.1.0-18-amd64");
    CHECK(layer.find("kernel")->path.empty());
    CHECK(layer.find("kernel")->facts.at("wsl") == Fact(false));
}

TEST_CASE("an older glibc tells its version by its name, musl by the package list, NixOS by the loader") {
    CHECK(version(probe({{"/lib64/libc.so.6", "-> libc-2.17.so"}, {"/lib64/libc-2.17.so", "x"}}), "libc") == "glibc 2.17");

    const auto alpine = probe({{"/lib/ld-musl-x86_64.so.1", "x"}, {"/lib/apk/db/installed", "P:zlib\nV:1.3-r0\n\nP:musl\nV:1.2.4-r2\n"}});
    CHECK(version(alpine, "libc") == "musl 1.2.4");
    CHECK(alpine.find("libc")->path[0].value == "musl-1");

    const auto nixos = probe({{"/bin/sh", elf(62) + "/nix/store/" + std::string(32, 'a') + "-glibc-2.38-44/lib/ld-linux-x86-64.so.2" + '\0'}});
    CHECK(version(nixos, "libc") == "glibc 2.38");
}

TEST_CASE("a version that lies across two pieces of a file is found whole") {
    const auto offset = GENERATE(range(0, 80));
    const auto text = std::string(static_cast<std::size_t>(262'144 - offset), 'x') + std::string(k_glibc.data(), 75);

    CHECK(version(probe({{"/lib64/libc.so.6", text}}), "libc") == "glibc 2.36");
}

TEST_CASE("what cannot be read is unknown, and said") {
    const auto layer = probe({{"/p/x", ""}});

    CHECK(version(layer, "os") == "?");
    CHECK(version(layer, "arch") == "?");
    CHECK(version(layer, "libc") == "?");
    CHECK(version(layer, "kernel") == "absent");
    CHECK(layer.notes.size() == 4);
}

TEST_CASE("the architecture is the playground's own interpreter's") {
    CHECK(version(probe({{"/bin/sh", elf('\xB7')}, {"/p/.venv/bin/python", elf(62)}}), "arch") == "x86_64");
    CHECK(version(probe({{"/bin/sh", elf('\xB7')}}), "arch") == "aarch64");
    CHECK(platform::elf_machine(elf(21, 2)) == "ppc64");
    CHECK(platform::elf_machine(elf(21, 1)) == "ppc64le");
    CHECK_FALSE(platform::elf_machine("\x7f" "ELF"));
    CHECK_FALSE(platform::elf_machine("#!/bin/sh and some more text"));
    CHECK(version(probe({{"/proc/sys/kernel/arch", "riscv64\n"}}), "arch") == "riscv64");
}

TEST_CASE("os-release is read as a shell would") {
    const auto parsed = platform::parse_os_release("# c\nID='alpine'\nA=\"x \\\"y\\\"\"\nnot a line\nB=\"open\nVERSION_ID=3.19.1\r\nID=last\n");

    CHECK(parsed.at("ID") == "last");
    CHECK(parsed.at("A") == "x \"y\"");
    CHECK(parsed.at("VERSION_ID") == "3.19.1");
    CHECK_FALSE(parsed.contains("B"));
    CHECK(version(probe({{"/usr/lib/os-release", "ID=arch\n"}}), "distribution") == "arch");
}

TEST_CASE("only listed variables are kept, without people, places and secrets") {
    const auto layer = probe({{"/p/x", ""}}, {{"HOME", "/home/ada"}, {"USER", "ada"}, {"AWS_SECRET_ACCESS_KEY", "x"},
                                              {"LD_LIBRARY_PATH", "/p/.venv/lib:/p/lib:/home/ada/lib:/home/bob/lib:/usr/lib"},
                                              {"MKL_NUM_THREADS", "4"}, {"TZ", "UTC"}, {"CUDA_VISIBLE_DEVICES", "GPU-1234,GPU-5678"},
                                              {"NIX_LD_LIBRARY_PATH", "/run/current-system"}, {"PYTHONPATH", "ghp_0123456789012345678901234567890123"}});

    CHECK(version(layer, "env:LD_LIBRARY_PATH") == "$VENV/lib:$PROJECT/lib:$HOME/lib:/home/*/lib:/usr/lib");
    CHECK(layer.find("env:LD_LIBRARY_PATH")->path.size() == 1);
    CHECK(version(layer, "env:MKL_NUM_THREADS") == "4");
    CHECK(version(layer, "env:NIX_LD_LIBRARY_PATH") == "/run/current-system");
    CHECK(version(layer, "env:TZ") == "UTC");
    CHECK(version(layer, "env:CUDA_VISIBLE_DEVICES") == "2 by id");
    CHECK(version(layer, "env:PYTHONPATH") == "?");
    CHECK(layer.find("env:USER") == nullptr);
    CHECK(layer.find("env:HOME") == nullptr);
    CHECK(layer.find("env:AWS_SECRET_ACCESS_KEY") == nullptr);
}
