#include "layers/native/probe.hpp"

#include "support/catch.hpp"
#include "support/probe_context.hpp"
#include "unit/elf/elf_builder.hpp"

using namespace envlock;

namespace {

using Files = std::map<std::string, std::string>;

const std::string k_site = "/p/.venv/lib/python3.11/site-packages/";

test::ElfBuilder library(std::string soname, std::vector<std::string> needed = {}) {
    test::ElfBuilder out;
    out.soname = std::move(soname);
    out.needed = std::move(needed);
    return out;
}

void add_distribution(Files& files, const std::string& name, std::vector<std::string> paths) {
    std::string record;
    for (const auto& path : paths) record += path + ",,\n";
    files[k_site + name + "-1.0.dist-info/METADATA"] = "Metadata-Version: 2.1\nName: " + name + "\nVersion: 1.0\n";
    files[k_site + name + "-1.0.dist-info/RECORD"] = record;
}

// A Debian-like machine with a playground whose python needs only the C library.
Files machine() {
    test::ElfBuilder python = library("", {"libc.so.6"});
    python.interp = "/lib64/ld-linux-x86-64.so.2";
    test::ElfBuilder libc = library("libc.so.6");
    libc.defs = {"GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.36"};
    return {
        {"/p/.venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n"},
        {"/p/.venv/bin/python", "-> /usr/bin/python3.11"},
        {"/usr/bin/python3.11", python.build()},
        {"/lib64/ld-linux-x86-64.so.2", library("ld-linux-x86-64.so.2").build()},
        {"/usr/lib/x86_64-linux-gnu/libc.so.6", libc.build()},
        {k_site + "README", "x"},
    };
}

LayerSnapshot probe(Files files, std::map<std::string, std::string> environment = {}, Level level = Level::cached) {
    const test::MemoryFileTree tree(std::move(files));
    test::ProbeWorld world(tree);
    auto context = world.context("/p/.venv", std::move(environment));
    context.level = level;
    const auto snapshot = probe_native(context);
    REQUIRE(snapshot);
    return *snapshot;
}

std::vector<std::string> list(const LayerSnapshot& snapshot, const char* key, const char* fact) {
    const auto* component = snapshot.find(key);
    if (component == nullptr || !component->facts.contains(fact)) return {};
    return std::get<std::vector<std::string>>(component->facts.at(fact));
}

const Note* note(const LayerSnapshot& snapshot, std::string_view rule) {
    const auto found = std::ranges::find(snapshot.notes, rule, &Note::rule);
    return found == snapshot.notes.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("each needed library gets its provider: the wheel itself, another, the host") {
    auto files = machine();
    auto module = library("", {"libq.so.1", "libother.so", "libc.so.6"});
    module.runpath = "$ORIGIN/../a.libs:$ORIGIN/../b";
    module.needs = {{"libc.so.6", {"GLIBC_2.17"}}};
    files[k_site + "a/_m.so"] = module.build();
    files[k_site + "a.libs/libq.so.1"] = library("libq.so.1").build();
    files[k_site + "b/libother.so"] = library("libother.so").build();
    add_distribution(files, "a", {"a/_m.so", "a.libs/libq.so.1"});
    add_distribution(files, "b", {"b/libother.so"});

    const auto snapshot = probe(files);

    CHECK(snapshot.presence == Presence::present);
    CHECK(list(snapshot, "a", "providers") == std::vector<std::string>{"host:libc.so.6", "other-wheel:b:libother.so", "same-wheel:libq.so.1"});
    CHECK(std::get<std::int64_t>(snapshot.find("a")->facts.at("objects")) == 2);
    CHECK(std::get<std::string>(snapshot.find("a")->facts.at("maxGlibc")) == "2.17");
    CHECK(snapshot.find("loader")->version == "2.36");
    CHECK(snapshot.notes.empty());
}

TEST_CASE("the place of the playground is not in the digest, the provider is") {
    auto files = machine();
    files[k_site + "a/_m.so"] = library("", {"libq.so.1"}).build();
    add_distribution(files, "a", {"a/_m.so"});
    const auto before = probe(files);
    files["/usr/lib/x86_64-linux-gnu/libq.so.1"] = library("libq.so.1").build();
    const auto after = probe(files);

    CHECK(before.find("a")->path != after.find("a")->path);
    CHECK(note(before, "NAT001")->detail == "libq.so.1");
    CHECK(note(before, "NAT001")->subject == "a/_m.so");
    CHECK(note(after, "NAT001") == nullptr);
}

TEST_CASE("a library the playground has but no path leads to is one that must be loaded before") {
    auto files = machine();
    files[k_site + "ext/_m.so"] = library("", {"libtorch.so"}).build();
    files[k_site + "torch/lib/libtorch.so"] = library("libtorch.so").build();
    add_distribution(files, "ext", {"ext/_m.so"});
    add_distribution(files, "torch", {"torch/lib/libtorch.so"});

    const auto snapshot = probe(files);

    CHECK(list(snapshot, "ext", "providers") == std::vector<std::string>{"preloaded:torch:libtorch.so"});
    CHECK(note(snapshot, "NAT001") == nullptr);
}

TEST_CASE("a version newer than the provider's is NAT002") {
    auto files = machine();
    auto module = library("", {"libc.so.6"});
    module.needs = {{"libc.so.6", {"GLIBC_2.17", "GLIBC_2.38"}}};
    files[k_site + "a/_m.so"] = module.build();

    const auto snapshot = probe(files);

    const auto* found = note(snapshot, "NAT002");
    REQUIRE(found != nullptr);
    CHECK(found->component == "unowned");
    CHECK(found->detail == "GLIBC_2.38 of libc.so.6, there is up to GLIBC_2.36 (host)");
}

TEST_CASE("cut, foreign and text files are told apart") {
    auto files = machine();
    const auto whole = library("", {"libc.so.6"}).build();
    files[k_site + "a/cut.so"] = whole.substr(0, whole.size() - 8);
    files[k_site + "a/text.so"] = "INPUT(libfoo.so.1)\n";
    auto foreign = library("");
    foreign.machine = 183;
    files[k_site + "a/arm.so"] = foreign.build();

    const auto snapshot = probe(files);

    CHECK(note(snapshot, "NAT004")->subject == "a/cut.so");
    std::vector<std::string> strange;
    for (const auto& each : snapshot.notes) {
        if (each.rule == "NAT005") strange.push_back(each.subject + ": " + each.detail);
    }
    CHECK(strange == std::vector<std::string>{"a/arm.so: made for aarch64, 64 bits", "a/text.so: not an ELF file"});
}

TEST_CASE("LD_LIBRARY_PATH in front of a wheel's RUNPATH is NAT006") {
    auto files = machine();
    auto module = library("", {"libq.so.1"});
    module.runpath = "$ORIGIN";
    files[k_site + "a/_m.so"] = module.build();
    files[k_site + "a/libq.so.1"] = library("libq.so.1").build();
    files["/usr/local/cuda-12.1/lib64/libq.so.1"] = library("libq.so.1").build();
    add_distribution(files, "a", {"a/_m.so", "a/libq.so.1"});

    const auto plain = probe(files);
    const auto shadowed = probe(files, {{"LD_LIBRARY_PATH", "/usr/local/cuda-12.1/lib64:"}});

    CHECK(note(plain, "NAT006") == nullptr);
    CHECK(note(shadowed, "NAT006")->detail == "libq.so.1 from LD_LIBRARY_PATH hides a/libq.so.1");
    CHECK(list(shadowed, "a", "providers") == std::vector<std::string>{"toolkit:libq.so.1"});
}

TEST_CASE("under an interpreter from the Nix store the host's libraries do not exist") {
    auto files = machine();
    const std::string glibc = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-glibc-2.40-66";
    auto python = library("", {"libc.so.6"});
    python.interp = glibc + "/lib/ld-linux-x86-64.so.2";
    python.runpath = glibc + "/lib";
    files["/usr/bin/python3.11"] = python.build();
    files[glibc + "/lib/ld-linux-x86-64.so.2"] = library("ld-linux-x86-64.so.2").build();
    auto libc = library("libc.so.6");
    libc.defs = {"GLIBC_2.40"};
    files[glibc + "/lib/libc.so.6"] = libc.build();
    files["/usr/lib/x86_64-linux-gnu/libstdc++.so.6"] = library("libstdc++.so.6").build();
    files[k_site + "a/_m.so"] = library("", {"libstdc++.so.6", "libc.so.6"}).build();

    const auto snapshot = probe(files);

    CHECK(list(snapshot, "unowned", "providers") == std::vector<std::string>{"nix-store:glibc-2.40-66:libc.so.6", "not-found:libstdc++.so.6"});
    CHECK(note(snapshot, "NAT001")->detail == "libstdc++.so.6");
    CHECK(snapshot.find("loader")->version == "2.40");
}

TEST_CASE("without a playground absent, at the metadata level unobservable") {
    CHECK(probe({{"/p/x", ""}}).presence == Presence::absent);
    CHECK(probe(machine(), {}, Level::metadata).presence == Presence::unobservable);
}
