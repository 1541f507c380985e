// SHA-256 over messages of given sizes, from memory, on all cores: how long hashing alone takes, without a single read.
// Standard input: one size a line. Standard output: seconds.
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t k_chunk = 128U << 10U;  // stays in the cache, as a file read in pieces does

void hash_one(EVP_MD_CTX* context, const EVP_MD* sha256, const std::vector<unsigned char>& chunk, std::uint64_t size) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_DigestInit_ex(context, sha256, nullptr);
    while (size > 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(size, chunk.size()));
        EVP_DigestUpdate(context, chunk.data(), part);
        size -= part;
    }
    EVP_DigestFinal_ex(context, digest.data(), nullptr);
}

}  // namespace

int main() {
    std::vector<std::uint64_t> sizes;
    for (std::uint64_t size = 0; std::cin >> size;) sizes.push_back(size);
    std::sort(sizes.rbegin(), sizes.rend());  // the largest first, so that the cores end together

    const auto begin = std::chrono::steady_clock::now();
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back([&] {
            const std::vector<unsigned char> chunk(k_chunk, 'x');
            EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
            EVP_MD_CTX* const context = EVP_MD_CTX_new();
            for (auto at = next++; at < sizes.size(); at = next++) hash_one(context, sha256, chunk, sizes[at]);
            EVP_MD_CTX_free(context);
            EVP_MD_free(sha256);
        });
    }
    for (auto& thread : threads) thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%.6f\n", took.count());
    return 0;
}
