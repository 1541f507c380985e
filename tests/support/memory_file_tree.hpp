#pragma once

#include <envlock/base/path.hpp>
#include <envlock/ports/file_tree.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace envlock::test {

// A FileTree in memory: absolute paths to texts; a text that starts with "-> " is a symlink.
// Folders exist when something lies in them.
class MemoryFileTree final : public FileTree {
public:
    MemoryFileTree(std::initializer_list<std::pair<const std::string, std::string>> files) : m_files(files) {}
    explicit MemoryFileTree(std::map<std::string, std::string> files) : m_files(std::move(files)) {}

    Result<FileInfo> info(std::string_view path) const override {
        const auto parent = parent_of_real(path);
        if (!parent) return fail(ErrorCode::file_missing, std::string(path));
        const auto real = join(*parent, file_name(path));
        FileInfo out;
        if (const auto file = m_files.find(real); file != m_files.end()) {
            const bool link = file->second.starts_with("-> ");
            out.kind = link ? FileKind::symlink : FileKind::regular;
            out.size = file->second.size();
            out.inode = reinterpret_cast<std::uintptr_t>(&*file);  // unique, and found without walking the map
            if (link) out.target = file->second.substr(3);
            return out;
        }
        if (!is_folder(real)) return fail(ErrorCode::file_missing, std::string(path));
        out.kind = FileKind::directory;
        return out;
    }
    Result<std::string> read(std::string_view path, std::size_t max_bytes) const override {
        const auto real = real_path(path);
        if (!real) return tl::make_unexpected(real.error());
        const auto file = m_files.find(*real);
        if (file == m_files.end()) return fail(is_folder(*real) ? ErrorCode::file_not_regular : ErrorCode::file_missing, std::string(path));
        if (file->second.size() > max_bytes) return fail(ErrorCode::file_too_large, std::string(path));
        return file->second;
    }
    Result<std::vector<DirEntry>> list(std::string_view dir) const override {
        const auto real = real_path(dir);
        if (!real || !is_folder(*real)) return fail(ErrorCode::file_missing, std::string(dir));
        const auto prefix = *real == "/" ? *real : *real + "/";
        std::map<std::string, FileKind> names;
        for (auto at = m_files.lower_bound(prefix); at != m_files.end() && at->first.starts_with(prefix); ++at) {
            const auto rest = at->first.substr(prefix.size());
            const auto slash = rest.find('/');
            const auto kind = slash != std::string::npos ? FileKind::directory : at->second.starts_with("-> ") ? FileKind::symlink : FileKind::regular;
            names.emplace(rest.substr(0, slash), kind);
        }
        std::vector<DirEntry> out;
        for (auto& [name, kind] : names) out.push_back({name, kind});
        return out;
    }
    Result<std::unique_ptr<OpenFile>> open(std::string_view path) const override {
        auto text = read(path, SIZE_MAX);
        if (!text) return tl::make_unexpected(text.error());
        return std::make_unique<Text>(*std::move(text), std::string(path));
    }

private:
    class Text final : public OpenFile {
    public:
        Text(std::string text, std::string path) : m_text(std::move(text)), m_path(std::move(path)) {}
        std::uint64_t size() const override { return m_text.size(); }
        Result<std::string> read_at(std::uint64_t offset, std::size_t length) const override {
            if (offset > m_text.size() || length > m_text.size() - offset) return fail(ErrorCode::file_unreadable, m_path, "short read");
            return m_text.substr(offset, length);
        }

    private:
        std::string m_text, m_path;
    };

    bool is_folder(const std::string& path) const {
        if (path == "/") return true;
        const auto at = m_files.lower_bound(path + "/");
        return at != m_files.end() && at->first.starts_with(path + "/");
    }
    Result<std::string> parent_of_real(std::string_view path) const {
        const auto parent = parent_path(path);
        return parent.empty() || parent == "/" ? Result<std::string>("/") : real_path(parent);
    }

    std::map<std::string, std::string> m_files;
};

}  // namespace envlock::test
