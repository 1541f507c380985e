#include "layers/nix/flake_lock.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

namespace fs = std::filesystem;
using namespace envlock;

namespace {

std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What the oracle says about all the files, or "" when there is no python3.
std::string ask_oracle(const std::vector<fs::path>& files) {
    std::string line = "python3 '" ENVLOCK_SOURCE_DIR "/tests/oracle_flake_lock.py'";
    for (const auto& file : files) line += " '" + file.string() + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((line + " 2>/dev/null").c_str(), "r"), pclose);
    std::string out;
    std::array<char, 4096> piece{};
    while (pipe) {
        const auto count = std::fread(piece.data(), 1, piece.size(), pipe.get());
        if (count == 0) break;
        out.append(piece.data(), count);
    }
    return out;
}

std::string describe_lock(const Result<nix::FlakeLock>& parsed) {
    if (!parsed) return parsed.error().code == ErrorCode::lock_unsupported ? "unsupported\n" : to_line(parsed.error());
    std::string out;
    for (const auto& input : parsed->inputs) {
        out += input.path + "\t" + (input.follows ? "follows:" + *input.follows : input.type) + "\t" + input.rev + "\t" + input.nar_hash + "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("real lock files are read as an independent reader reads them") {
    const char* corpus = std::getenv("ENVLOCK_CORPUS");
    if (corpus == nullptr) {
        WARN("skipped: ENVLOCK_CORPUS is not set");
        return;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(corpus) / "flake-locks")) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::string ours;
    for (const auto& file : files) {
        INFO(file.filename().string());

        const auto parsed = nix::parse_flake_lock(read_text(file), "flake.lock");

        const bool known = parsed || parsed.error().code == ErrorCode::lock_unsupported;
        CHECK(known);
        if (parsed) CHECK(parsed->problems.empty());
        ours += "== " + file.string() + "\n" + describe_lock(parsed);
    }
    CHECK(files.size() > 100);
    if (std::system("python3 -c pass >/dev/null 2>&1") == 0) CHECK((ours == ask_oracle(files)));
    else WARN("python3 is missing: parsed, but not compared");
}

TEST_CASE("lock files that were committed with a merge conflict are refused with the line") {
    const char* corpus = std::getenv("ENVLOCK_CORPUS");
    if (corpus == nullptr) {
        WARN("skipped: ENVLOCK_CORPUS is not set");
        return;
    }
    std::size_t read = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(corpus) / "flake-locks/invalid")) {
        INFO(entry.path().filename().string());

        const auto parsed = nix::parse_flake_lock(read_text(entry.path()), "flake.lock");

        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == ErrorCode::lock_malformed);
        CHECK(parsed.error().detail.find("line ") != std::string::npos);
        ++read;
    }
    CHECK(read == 2);
}
