#include <envlock/sign/verify.hpp>

#include "support/catch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace envlock;

namespace {

// A folder with a signed manifest and a trust store, in which the printed lines are really run.
class Project {
public:
    Project() : m_root(make()) { fs::create_directory(m_root / ".envlock"); }
    ~Project() { fs::remove_all(m_root); }
    Project(const Project&) = delete;
    Project& operator=(const Project&) = delete;

    void write(const std::string& name, const std::string& text) const { std::ofstream(m_root / name, std::ios::binary) << text; }
    bool verifies(const std::string& manifest) const {
        write("check.sh", sign::print_commands(manifest));
        return std::system(("cd '" + m_root.string() + "' && bash -euo pipefail check.sh > out 2>&1").c_str()) == 0;
    }

private:
    static fs::path make() {
        auto pattern = (fs::temp_directory_path() / "envlock-print-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        return pattern;
    }
    fs::path m_root;
};

bool tools_are_installed() { return std::system("command -v openssl bash python3 awk > /dev/null 2>&1") == 0; }

}  // namespace

TEST_CASE("the printed lines verify with OpenSSL alone, and say no when they should") {
    if (!tools_are_installed()) return;
    const std::string manifest = "{\"a\": 1}\n", name = "it's.lock";
    for (const auto type : {sign::KeyType::ed25519, sign::KeyType::ecdsa_p256}) {
        const auto key = *sign::generate_key(type);
        const auto other = *sign::generate_key(type);
        const auto line = key.public_key().openssh_line();
        const Project project;
        project.write(name, manifest);
        project.write(name + ".sig", *sign::sign_manifest(manifest, key, *sign::sign_manifest(manifest, other, "")));

        project.write(".envlock/allowed_signers", "# team\nalice namespaces=\"envlock-manifest\" " + line + " comment\n");
        CHECK(project.verifies(name));
        project.write(".envlock/allowed_signers", "# alice " + line + "\nbob namespaces=\"git\" " + line + "\neve cert-authority " + line + "\n");
        CHECK_FALSE(project.verifies(name));
        project.write(".envlock/allowed_signers", "");
        CHECK_FALSE(project.verifies(name));
        project.write(".envlock/allowed_signers", "alice " + line + "\n");
        project.write(name, "{\"a\": 2}\n");
        CHECK_FALSE(project.verifies(name));
    }
}
