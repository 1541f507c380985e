#pragma once

#include <envlock/elf/resolve.hpp>
#include <envlock/ports/file_tree.hpp>

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace envlock::native {

// Opens and reads each file once, whatever the number of names it has, and answers the resolver.
class ObjectStore {
public:
    explicit ObjectStore(const FileTree& files) : m_files(files) {}

    const elf::Candidate& at(const std::string& path);
    // Why the file at `path` is no object; "" when it is one or there is none.
    std::string trouble(const std::string& path);

private:
    std::string real_folder(const std::string& folder);
    elf::Candidate look(const std::string& path);
    elf::Candidate read(const std::string& real);

    const FileTree& m_files;
    std::deque<elf::ElfObject> m_objects;
    std::unordered_map<std::string, elf::Candidate> m_by_path, m_by_real;
    std::unordered_map<std::string, std::string> m_folders, m_troubles;
};

}  // namespace envlock::native
