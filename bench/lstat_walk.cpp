// Looks at every file below a folder by fstatat and does nothing else: the least that "has a file changed?" can cost.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace {

struct Seen {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

// The depth is that of the reader's own environment, so plain recursion will do here.
bool walk(int parent, const char* name, Seen& seen) {
    const int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return false;
    DIR* const list = fdopendir(folder);
    if (list == nullptr) {
        close(folder);
        return false;
    }
    bool whole = true;
    while (const dirent* const entry = readdir(list)) {
        const std::string_view child(entry->d_name);
        if (child == "." || child == "..") continue;
        struct stat info {};
        if (fstatat(folder, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            whole = false;
        } else if (S_ISDIR(info.st_mode)) {
            whole &= walk(folder, entry->d_name, seen);
        } else {
            ++seen.files;
            seen.bytes += static_cast<std::uint64_t>(info.st_size);
        }
    }
    closedir(list);
    return whole;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_lstat_walk FOLDER\n");
        return 2;
    }
    Seen seen;
    if (!walk(AT_FDCWD, argv[1], seen)) {
        std::perror(argv[1]);
        return 1;
    }
    std::printf("%llu files, %llu bytes\n", static_cast<unsigned long long>(seen.files), static_cast<unsigned long long>(seen.bytes));
    return 0;
}
