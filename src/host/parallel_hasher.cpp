#include <envlock/host/parallel_hasher.hpp>

#include "hash_cache.hpp"
#include "rooted.hpp"

#include <envlock/base/digest.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <thread>

namespace envlock::host {
namespace {

constexpr std::size_t k_buffer = 256U << 10U;
constexpr std::uint64_t k_big_file = 1U << 20U;
constexpr std::int64_t k_racy_ns = 3'000'000'000;  // no file system's clock is coarser (FAT: 2 s)

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// Written so lately (or "in the future") that the same times could also be those of other bytes.
bool is_racy(const FileInfo& info, std::int64_t now) { return info.mtime_ns > now - k_racy_ns || info.ctime_ns > now - k_racy_ns; }

bool same_file(const FileInfo& a, const FileInfo& b) {
    return a.device == b.device && a.inode == b.inode && a.size == b.size && a.mtime_ns == b.mtime_ns && a.ctime_ns == b.ctime_ns;
}

HashState state_of(int error) { return error == ENOENT || error == ENOTDIR ? HashState::missing : HashState::unreadable; }

// What one thread keeps from file to file.
struct Worker {
    std::vector<char> buffer;
    std::map<std::string, Hasher, std::less<>> hashers;
    std::vector<HashRecord> fresh;

    Hasher* hasher(const std::string& algorithm) {
        if (const auto found = hashers.find(algorithm); found != hashers.end()) return &found->second;
        auto made = Hasher::create(algorithm);
        return made ? &hashers.emplace(algorithm, *std::move(made)).first->second : nullptr;
    }
};

// Calls `work(worker, i)` for every i below `count`. Each thread takes the next open item, so that
// none waits while another still has a queue.
template <class Work>
void share_out(std::vector<Worker>& workers, std::size_t count, std::size_t batch, const Work& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&](Worker& worker) {
        for (auto from = next.fetch_add(batch); from < count; from = next.fetch_add(batch)) {
            for (auto i = from; i < std::min(from + batch, count); ++i) work(worker, i);
        }
    };
    std::vector<std::jthread> threads;
    const auto useful = std::min(workers.size(), (count + batch - 1) / batch);
    try {
        for (std::size_t i = 1; i < useful; ++i) threads.emplace_back([&run, &worker = workers[i]] { run(worker); });
    } catch (const std::system_error&) {  // no more threads to be had: fewer do it
    }
    run(workers[0]);
}

class ParallelHasher final : public TreeHasher {
public:
    ParallelHasher(std::string root, std::string cache_file, unsigned threads)
        : m_rooted(std::move(root)), m_cache_file(std::move(cache_file)), m_cache(HashCache::load(m_cache_file)),
          m_workers(threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency())) {}

    ~ParallelHasher() override {
        std::vector<HashRecord> fresh;
        for (auto& worker : m_workers) fresh.insert(fresh.end(), worker.fresh.begin(), worker.fresh.end());
        try {
            if (!m_cache_file.empty() && !fresh.empty()) HashCache::merge_into(m_cache_file, std::move(fresh));
        } catch (const std::exception&) {  // a cache that could not be written is only slower next time
        }
    }

    std::vector<HashOutcome> hash(std::span<const HashRequest> requests, Freshness freshness) override {
        std::vector<HashOutcome> out(requests.size());
        std::vector<unsigned char> open(requests.size(), 0);
        const auto started = now_ns();
        share_out(m_workers, requests.size(), 64, [&](Worker& worker, std::size_t i) {
            open[i] = look(worker, requests[i], freshness, started, out[i]) ? 1 : 0;
        });
        std::vector<std::size_t> left;
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i] != 0) left.push_back(i);
        }
        // Big files first, so that none is started last and waited for alone; the small ones stay
        // in the order asked for, which is close to their order on the disk.
        const auto weight = [&](std::size_t i) { return out[i].info.size >= k_big_file ? out[i].info.size : 0; };
        std::stable_sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
        share_out(m_workers, left.size(), 1, [&](Worker& worker, std::size_t i) { read_one(worker, requests[left[i]], out[left[i]]); });
        return out;
    }

private:
    // One lstat, and the answer from the cache when it has one. True: the file must be read.
    bool look(Worker& worker, const HashRequest& request, Freshness freshness, std::int64_t now, HashOutcome& out) const {
        struct stat seen {};
        int rc = m_rooted.lstat(request.path, seen);
        if (rc == 0 && S_ISLNK(seen.st_mode)) {
            out.via_symlink = true;
            rc = m_rooted.stat(request.path, seen);
        }
        if (rc < 0) return out.state = state_of(-rc), false;
        out.info = to_info(seen);
        if (!fits(request, out)) return false;
        if (freshness == Freshness::cached && from_cache(request, now, out)) return false;
        if (worker.hasher(request.algorithm) == nullptr) return out.state = HashState::unsupported, false;
        return true;
    }

    static bool fits(const HashRequest& request, HashOutcome& out) {
        if (out.info.kind != FileKind::regular) return out.state = HashState::not_regular, false;
        if (request.max_size >= 0 && out.info.size > static_cast<std::uint64_t>(request.max_size)) return out.state = HashState::too_large, false;
        return true;
    }

    const HashRecord* record_of(const std::string& algorithm, const FileInfo& info) const {
        const auto number = cached_algorithm(algorithm);
        const auto* record = number == 0 ? nullptr : m_cache.find(info.device, info.inode, number);
        const bool holds = record != nullptr && record->size == info.size && record->mtime_ns == info.mtime_ns && record->ctime_ns == info.ctime_ns;
        return holds ? record : nullptr;
    }

    bool from_cache(const HashRequest& request, std::int64_t now, HashOutcome& out) const {
        if (is_racy(out.info, now)) return false;
        const auto* record = record_of(request.algorithm, out.info);
        if (record == nullptr) return false;
        out.digest.assign(record->digest.data(), record->digest_size);
        out.from_cache = true;
        out.state = HashState::hashed;
        return true;
    }

    void read_one(Worker& worker, const HashRequest& request, HashOutcome& out) const {
        out.state = HashState::unstable;
        // Racy or not is decided by the time before the first byte was read: what is written later has a later ctime.
        const auto started = now_ns();
        for (int attempt = 0; attempt < 2 && out.state == HashState::unstable; ++attempt) read_once(worker, request, out);
        if (out.state == HashState::hashed) remember(worker, request, out, started);
    }

    void read_once(Worker& worker, const HashRequest& request, HashOutcome& out) const {
        const int opened = m_rooted.open(request.path, O_RDONLY);
        if (opened == -ENXIO) return void(out.state = HashState::not_regular);
        if (opened < 0) return void(out.state = state_of(-opened));
        const UniqueFd fd(opened);
        struct stat seen {};
        if (::fstat(opened, &seen) != 0) return void(out.state = HashState::unreadable);
        out.info = to_info(seen);
        if (!fits(request, out)) return;

        auto* hasher = worker.hasher(request.algorithm);
        worker.buffer.resize(k_buffer);
        std::uint64_t have = 0;
        bool failed = false;
        while (have < out.info.size) {
            const auto got = ::read(opened, worker.buffer.data(), worker.buffer.size());
            if (got < 0 && errno == EINTR) continue;
            failed = got < 0;
            if (got <= 0) break;
            hasher->update({worker.buffer.data(), static_cast<std::size_t>(got)});
            have += static_cast<std::uint64_t>(got);
        }
        auto digest = hasher->finish();  // also when it failed: the next file starts afresh
        if (failed || ::fstat(opened, &seen) != 0) return void(out.state = HashState::unreadable);
        if (have != out.info.size || !same_file(out.info, to_info(seen))) return void(out.state = HashState::unstable);
        out.digest = std::move(digest);
        out.state = HashState::hashed;
    }

    void remember(Worker& worker, const HashRequest& request, const HashOutcome& out, std::int64_t started) const {
        const auto number = cached_algorithm(request.algorithm);
        HashRecord record{out.info.device, out.info.inode, out.info.size, out.info.mtime_ns, out.info.ctime_ns, number, 0, {}};
        if (m_cache_file.empty() || number == 0 || out.digest.size() > record.digest.size() || is_racy(out.info, started)) return;
        const auto* known = record_of(request.algorithm, out.info);
        if (known != nullptr && std::string_view(known->digest.data(), known->digest_size) == out.digest) return;
        record.digest_size = static_cast<std::uint32_t>(out.digest.size());
        std::memcpy(record.digest.data(), out.digest.data(), out.digest.size());
        worker.fresh.push_back(record);
    }

    Rooted m_rooted;
    std::string m_cache_file;
    HashCache m_cache;
    std::vector<Worker> m_workers;
};

}  // namespace

std::unique_ptr<TreeHasher> make_tree_hasher(std::string root, std::string cache_file, unsigned threads) {
    return std::make_unique<ParallelHasher>(std::move(root), std::move(cache_file), threads);
}

}  // namespace envlock::host
