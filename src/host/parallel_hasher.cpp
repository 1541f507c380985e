#include <envlock/host/parallel_hasher.hpp>

#include "host/descriptor.hpp"
#include "host/file_facts.hpp"
#include "host/hash_cache.hpp"

#include <envlock/base/digest.hpp>
#include <envlock/host/posix_file_tree.hpp>

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <thread>

namespace envlock::host {
namespace {

constexpr std::size_t k_piece = 256U << 10U;  // read at once; what memory a worker needs
constexpr std::size_t k_batch = 32;           // requests taken at once

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// One thread's share: its own buffer, hashers and new cache entries.
class Worker {
public:
    Worker(const std::string& root, const HashCache& cache, Freshness freshness) : m_root(root), m_cache(cache), m_freshness(freshness) {}

    HashOutcome hash(const HashRequest& request) {
        HashOutcome out;
        auto disk = request.path;
        if (!m_root.empty()) disk = sysroot_path(request.path);
        struct stat seen {};
        if (disk.empty() || disk.find('\0') != std::string::npos || ::fstatat(AT_FDCWD, disk.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) return gone(out);
        if (S_ISLNK(seen.st_mode)) {
            out.via_symlink = true;
            if (::fstatat(AT_FDCWD, disk.c_str(), &seen, 0) != 0) return gone(out);
        }
        fill(out.info, seen);
        if (out.info.kind != FileKind::regular) return out.state = HashState::not_regular, out;
        if (request.max_size >= 0 && out.info.size > static_cast<std::uint64_t>(request.max_size)) return out.state = HashState::too_large, out;
        if (m_freshness == Freshness::cached) {
            out.digest = m_cache.find(out.info, request.algorithm);
            out.from_cache = !out.digest.empty();
            if (out.from_cache) return out.state = HashState::hashed, out;
        }
        for (int attempt = 0; attempt < 2; ++attempt) {
            if (read_and_hash(disk, request.algorithm, out)) break;
        }
        if (out.state == HashState::hashed) fresh.push_back(make_entry(out.info, request.algorithm, out.digest));
        return out;
    }

    std::vector<CachedHash> fresh;

private:
    static HashOutcome& gone(HashOutcome& out) {
        out.state = errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? HashState::missing : HashState::unreadable;
        return out;
    }

    std::string sysroot_path(const std::string& path) {
        errno = ENOENT;
        const auto real = PosixFileTree(m_root).real_path(path);
        if (!real) return {};
        return m_root + *real;
    }

    // False when the file changed while it was read: worth another try.
    bool read_and_hash(const std::string& disk, const std::string& algorithm, HashOutcome& out) {
        auto* hasher = hasher_for(algorithm);
        if (hasher == nullptr) return out.state = HashState::unsupported, true;
        const Descriptor file(::open(disk.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        struct stat before {}, after {};
        if (!file || ::fstat(file.get(), &before) != 0) return gone(out), true;
        if (!S_ISREG(before.st_mode)) return out.state = HashState::not_regular, true;
        std::uint64_t total = 0;
        m_piece.resize(k_piece);
        while (true) {
            const auto got = ::read(file.get(), m_piece.data(), m_piece.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return hasher->finish(), out.state = HashState::unreadable, true;
            if (got == 0) break;
            hasher->update({m_piece.data(), static_cast<std::size_t>(got)});
            total += static_cast<std::uint64_t>(got);
            // A file that grows for ever must not hold the run: what is beyond its size is instability.
            if (total > static_cast<std::uint64_t>(before.st_size)) break;
        }
        auto digest = hasher->finish();
        FileInfo now;
        fill(out.info, before);
        if (::fstat(file.get(), &after) == 0) fill(now, after);
        const bool same = now.size == out.info.size && now.mtime_ns == out.info.mtime_ns && now.ctime_ns == out.info.ctime_ns && total == out.info.size;
        out.state = same ? HashState::hashed : HashState::unstable;
        if (same) out.digest = std::move(digest);
        return same;
    }

    Hasher* hasher_for(const std::string& algorithm) {
        auto found = m_hashers.find(algorithm);
        if (found == m_hashers.end()) {
            auto made = Hasher::create(algorithm);
            if (!made) return nullptr;
            found = m_hashers.emplace(algorithm, *std::move(made)).first;
        }
        return &found->second;
    }

    const std::string& m_root;
    const HashCache& m_cache;
    Freshness m_freshness;
    std::vector<char> m_piece;
    std::map<std::string, Hasher> m_hashers;
};

class ParallelHasher final : public TreeHasher {
public:
    ParallelHasher(std::string root, std::string cache_file, unsigned threads)
        : m_root(root == "/" ? "" : std::move(root)), m_file(std::move(cache_file)), m_threads(threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : threads) {}
    ParallelHasher(const ParallelHasher&) = delete;
    ParallelHasher& operator=(const ParallelHasher&) = delete;
    ~ParallelHasher() override {
        if (m_loaded && m_cache.changed() && !m_file.empty()) m_cache.save(m_file);
    }

    std::vector<HashOutcome> hash(std::span<const HashRequest> requests, Freshness freshness) override {
        if (!m_loaded) m_cache = HashCache::load(m_file);
        m_loaded = true;
        std::vector<HashOutcome> out(requests.size());
        std::vector<Worker> workers;
        for (std::size_t i = 0; i < std::min<std::size_t>(m_threads, requests.size() / k_batch + 1); ++i) workers.emplace_back(m_root, m_cache, freshness);
        std::atomic<std::size_t> next{0};
        const auto work = [&](Worker& worker) {
            for (auto first = next.fetch_add(k_batch); first < requests.size(); first = next.fetch_add(k_batch)) {
                const auto last = std::min(first + k_batch, requests.size());
                for (auto i = first; i < last; ++i) out[i] = worker.hash(requests[i]);
            }
        };
        std::vector<std::thread> threads;
        for (std::size_t i = 1; i < workers.size(); ++i) threads.emplace_back(work, std::ref(workers[i]));
        work(workers[0]);
        for (auto& thread : threads) thread.join();
        std::vector<CachedHash> fresh;
        for (auto& worker : workers) fresh.insert(fresh.end(), worker.fresh.begin(), worker.fresh.end());
        if (!m_file.empty()) m_cache.merge(std::move(fresh), now_ns());
        return out;
    }

private:
    std::string m_root, m_file;
    unsigned m_threads;
    HashCache m_cache;
    bool m_loaded = false;
};

}  // namespace

std::unique_ptr<TreeHasher> make_tree_hasher(std::string root, std::string cache_file, unsigned threads) {
    return std::make_unique<ParallelHasher>(std::move(root), std::move(cache_file), threads);
}

}  // namespace envlock::host
