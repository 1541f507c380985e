#include "layers/cuda/probe.hpp"

#include "support/catch.hpp"
#include "support/probe_context.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace envlock;

namespace {

// A machine kept in fixtures/sysroots, as a tree in memory.
std::map<std::string, std::string> machine(const std::string& name) {
    const auto root = std::filesystem::path(ENVLOCK_SOURCE_DIR) / "fixtures/sysroots" / name;
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        const auto path = "/" + entry.path().lexically_relative(root).string();
        if (entry.is_symlink()) {
            files[path] = "-> " + std::filesystem::read_symlink(entry.path()).string();
        } else if (entry.is_regular_file()) {
            std::ifstream file(entry.path(), std::ios::binary);
            files[path] = {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        }
    }
    return files;
}

LayerSnapshot probe(std::map<std::string, std::string> files, std::map<std::string, std::string> environment = {}, test::ScriptedRunner runner = {}) {
    const test::MemoryFileTree tree(std::move(files));
    test::ProbeWorld world(tree);
    world.processes = std::move(runner);
    const auto snapshot = probe_cuda(world.context("/p/.venv", std::move(environment)));
    REQUIRE(snapshot);
    return *snapshot;
}

std::string text(const Component* component, const char* fact) {
    if (component == nullptr || !component->facts.contains(fact)) return "";
    const auto* value = std::get_if<std::string>(&component->facts.at(fact));
    return value == nullptr ? "" : *value;
}

bool has_rule(const LayerSnapshot& snapshot, std::string_view rule) {
    return std::ranges::find(snapshot.notes, rule, &Note::rule) != snapshot.notes.end();
}

void add_torch(std::map<std::string, std::string>& files, const std::string& cuda) {
    files["/p/.venv/pyvenv.cfg"] = "home = /usr/bin\nversion = 3.11.2\n";
    files["/p/.venv/bin/python"] = "-> /usr/bin/python3.11";
    files["/usr/bin/python3.11"] = "x";
    files["/p/.venv/lib/python3.11/site-packages/torch/version.py"] = "__version__ = '2.9.0'\ncuda = '" + cuda + "'\n";
}

}  // namespace

TEST_CASE("a machine without a driver and without CUDA says nothing") {
    const auto snapshot = probe(machine("none"));

    CHECK(snapshot.presence == Presence::absent);
    CHECK(snapshot.components.empty());
    CHECK(snapshot.notes.empty());
}

TEST_CASE("module and library agree on a plain machine, and the toolkit that wins is told from the others") {
    const auto snapshot = probe(machine("plain-550"));

    const auto* driver = snapshot.find("driver");
    REQUIRE(driver != nullptr);
    CHECK(driver->version == "550.90.07");
    CHECK(driver->path == std::vector<PathLevel>{{"major", "550"}, {"minor", "90"}, {"patch", "7"}});
    CHECK(text(driver, "umd") == "550.90.07");
    CHECK(text(driver, "flavour") == "closed");
    CHECK(snapshot.find("gpu:NVIDIA GeForce RTX 4070") != nullptr);
    CHECK(snapshot.find("toolkit")->version == "12.4.1");
    CHECK(text(snapshot.find("toolkit"), "root") == "/usr/local/cuda-12.4");
    CHECK(snapshot.find("toolkit:/usr/local/cuda-11.8")->version == "11.8");
    CHECK(snapshot.find("cudnn")->version == "9.1.0");
    CHECK(snapshot.find("nccl")->version == "2.21.5");
    CHECK(snapshot.notes.empty());
}

TEST_CASE("CUDA_HOME wins over /usr/local/cuda") {
    const auto snapshot = probe(machine("plain-550"), {{"CUDA_HOME", "/usr/local/cuda-11.8"}});

    CHECK(snapshot.find("toolkit")->version == "11.8");
    CHECK(text(snapshot.find("toolkit"), "foundBy") == "CUDA_HOME");
}

TEST_CASE("a library newer than the loaded module is CUDA001") {
    const auto snapshot = probe(machine("mismatch"));

    CHECK(has_rule(snapshot, "CUDA001"));
    CHECK(snapshot.find("driver")->version == "595.71.05");
    CHECK(text(snapshot.find("driver"), "umd") == "595.80");
}

TEST_CASE("on WSL there is no module, the library has no number, and only nvidia-smi knows") {
    const std::string smi = "/usr/lib/wsl/lib/nvidia-smi";
    const test::ScriptedRunner runner{
        {{smi, "--query-gpu=name,driver_version,memory.total,compute_cap,mig.mode.current", "--format=csv,nounits"},
         {0, "name, driver_version, memory.total [MiB], compute_cap, mig.mode.current\nNVIDIA GeForce RTX 3060, 581.42, 6144, 8.6, [N/A]\n", ""}},
        {{smi}, {0, "| NVIDIA-SMI 580.82.07    Driver Version: 581.42    CUDA Version: 13.0 |\n", ""}}};

    const auto snapshot = probe(machine("wsl"), {}, runner);
    const auto silent = probe(machine("wsl"));

    CHECK(snapshot.find("driver")->version == "581.42");
    CHECK(text(snapshot.find("driver"), "cudaMax") == "13.0");
    CHECK(snapshot.find("gpu:NVIDIA GeForce RTX 3060") != nullptr);
    CHECK_FALSE(has_rule(snapshot, "CUDA001"));
    CHECK(silent.find("driver")->unknown);
}

TEST_CASE("on NixOS the driver is found behind /run/opengl-driver and a toolkit in the store by its name") {
    const std::string store = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-cuda-merged-12.8";

    const auto snapshot = probe(machine("nixos"), {{"PATH", store + "/bin"}});

    CHECK(text(snapshot.find("driver"), "umd") == "570.195.03");
    CHECK(text(snapshot.find("driver"), "umdSource") == "/run/opengl-driver/lib");
    CHECK(text(snapshot.find("toolkit"), "root") == "nix-store:cuda-merged-12.8");
    CHECK(text(snapshot.find("toolkit"), "foundBy") == "PATH");
}

TEST_CASE("a torch built for a newer CUDA family than the driver knows is CUDA002") {
    auto files = machine("plain-550");
    add_torch(files, "13.0");
    const auto broken = probe(files);
    add_torch(files, "12.8");
    const auto fine = probe(files);

    CHECK(has_rule(broken, "CUDA002"));
    CHECK(text(broken.find("torch-cuda"), "compatibility") == "incompatible");
    CHECK_FALSE(has_rule(fine, "CUDA002"));
    CHECK(text(fine.find("torch-cuda"), "compatibility") == "minor-version");
}

TEST_CASE("wheels of two CUDA majors are CUDA010, and the wheel's cuDNN comes before the system's") {
    auto files = machine("plain-550");
    add_torch(files, "12.8");
    for (const auto* name : {"nvidia_cudnn_cu12-9.10.2.21", "nvidia_nccl_cu13-2.28.9", "nvidia_cuda_runtime_cu13-0.0.1"}) {
        files["/p/.venv/lib/python3.11/site-packages/" + std::string(name) + ".dist-info/METADATA"] = "Name: x\n";
    }

    const auto snapshot = probe(files);

    CHECK(has_rule(snapshot, "CUDA010"));
    CHECK(snapshot.find("cudnn")->version == "9.10.2.21");
    CHECK(snapshot.find("cudnn:system")->version == "9.1.0");
    CHECK(snapshot.find("toolkit:wheel:nvidia-cuda-runtime-cu13") == nullptr);
}

TEST_CASE("no UUID, bus id or builder's host is kept") {
    const auto snapshot = probe(machine("mismatch"));

    for (const auto& component : snapshot.components) {
        for (const auto& [name, fact] : component.facts) {
            const auto* value = std::get_if<std::string>(&fact);
            CHECK((value == nullptr || value->find("builder") == std::string::npos));
        }
    }
}
