#pragma once

#include <envlock/layer/playground.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace envlock::native {

// A file that may be an ELF object, by its name and place.
struct NativeFile {
    std::string path;
    std::string shown;  // below its site dir, or "bin/…": free of the playground's place
    std::string owner;  // normalized distribution name; "unowned"
    bool is_library = false;  // named like one: then it has to be an object
};

// Every such file of the playground itself, sorted by path. Links are not followed: what they
// point to is a file of its own, or not part of the playground. Depth and count are capped.
std::vector<NativeFile> list_native_files(const ProbeContext& context, const Playground& playground, std::vector<Note>& notes);

// "libx.so", "libx.so.1.2", "_x.cpython-311-x86_64-linux-gnu.so"
bool is_library_name(std::string_view name);

}  // namespace envlock::native
