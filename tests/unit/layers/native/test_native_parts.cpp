#include "layers/native/edges.hpp"
#include "layers/native/versions.hpp"

#include "support/catch.hpp"

using namespace envlock;
using namespace envlock::native;

TEST_CASE("libraries are known by name, numbered or not") {
    CHECK(is_library_name("_x.cpython-311-x86_64-linux-gnu.so"));
    CHECK(is_library_name("libx.so.1.2"));
    CHECK_FALSE(is_library_name("libx.so.py"));
    CHECK_FALSE(is_library_name("x.sort"));
    CHECK_FALSE(is_library_name(".so"));
    CHECK_FALSE(is_library_name("libx.so."));
}

TEST_CASE("version names are compared as numbers, other names are not versions") {
    Newest newest("GLIBC_");
    for (const auto* name : {"GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.17", "GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR", "GLIBCXX_3.4.30"}) newest.take(name);

    CHECK(newest.text() == "2.34");
}

TEST_CASE("providers are told by their place, without what differs between machines") {
    CHECK(provider_class("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-glibc-2.40-66/lib/libc.so.6", "libc.so.6") == "nix-store:glibc-2.40-66");
    CHECK(provider_class("/usr/lib/x86_64-linux-gnu/libcuda.so.550.90.07", "libcuda.so.1") == "driver");
    CHECK(provider_class("/usr/local/cuda-12.4/lib64/libcudart.so.12.4.127", "libcudart.so.12") == "toolkit");
    CHECK(provider_class("/usr/lib/x86_64-linux-gnu/libc.so.6", "libc.so.6") == "host");
}
