#pragma once

#include <envlock/layer/layer.hpp>
#include <envlock/model/manifest.hpp>

#include <map>
#include <string>
#include <vector>

namespace envlock::app {

struct ProjectQuery {
    std::string start;  // absolute: where the search begins
    std::string venv;   // --venv, absolute or relative to `start`; "" = find it
    std::map<std::string, std::string> environment;
};

// The nearest folder upward that holds envlock.toml, flake.lock, flake.nix or .git, and its playground:
// --venv, then $VIRTUAL_ENV when it lies in the project, then .venv, then venv, then $VIRTUAL_ENV
// anywhere. A project without a playground is fine. project_missing names the folders searched.
Result<Project> find_project(const FileTree& files, const ProjectQuery& query);

// The files whose digests a manifest is bound to, as far as they exist in the project root:
// flake.lock, flake.nix, devenv.lock, pyproject.toml, Pipfile, requirements*.txt and every Python lock file.
std::vector<Subject> find_subjects(const FileTree& files, const std::string& root, std::vector<Note>& notes);

// The names in requirements*.txt and in [project] dependencies: what the project asks for by itself.
std::vector<std::string> direct_requirements(const FileTree& files, const std::string& root);

}  // namespace envlock::app
