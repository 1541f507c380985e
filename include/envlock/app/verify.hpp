#pragma once

#include <envlock/app/manifest_source.hpp>
#include <envlock/model/policy.hpp>
#include <envlock/sign/verify.hpp>

namespace envlock::app {

struct SubjectState {
    std::string name;
    std::string state;  // "ok", "differs", "missing"
};

// What `verify` found out: each part on its own, and the exit that follows from all of them.
struct Verification {
    Exit exit = Exit::clean;
    std::string signature;  // "valid", "missing", "untrusted", …: the error's slug when not valid
    std::vector<sign::Signer> signers;
    std::vector<SubjectState> subjects;
    std::optional<Error> problem;  // the first thing that decided the exit
    std::vector<std::string> warnings;
};

struct VerifyRequest {
    int threshold = 1;
    std::int64_t now = 0;          // seconds
    std::int64_t max_age = -1;     // seconds; -1: any age
    bool allow_unsigned = false;
    std::string trust_text;        // contents of allowed_signers
    std::string trust_name;        // where it came from, for messages
    std::string project;           // the name the manifest must carry; "" = any
};

// Signature, trust, age, project and subjects. No network and no key; reads the subjects' files.
Verification verify(const FileTree& files, const std::string& root, const FoundManifest& found, const VerifyRequest& request);

}  // namespace envlock::app
