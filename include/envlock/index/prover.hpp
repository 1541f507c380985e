#pragma once

#include <envlock/index/config.hpp>
#include <envlock/index/project_page.hpp>
#include <envlock/index/record_match.hpp>
#include <envlock/index/wheel_tail.hpp>
#include <envlock/ports/http_transport.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace envlock::index {

struct ProofRequest {
    // Wheels in the order to be tried. The first `together` of them are all read, since several may
    // be equal; after those the first equal one ends the search.
    std::vector<PublishedFile> candidates;
    std::size_t together = 1;
    std::uint64_t tail = 65'536;                 // bytes to ask for first (guess_tail)
    std::function<InstalledRecord()> installed;  // called when a RECORD has come, so that few lie in memory
    std::vector<std::string> wanted;             // members whose checksum is asked for, by name
};

struct Proof {
    std::vector<PublishedFile> equal;       // wheels whose RECORD equals the installed one
    std::optional<PublishedFile> nearest;   // else the one that comes closest, and how it differs
    RecordMatch difference;
    std::map<std::string, ZipMember> members;  // of the first equal or nearest one, those that were wanted
    std::vector<Error> problems;            // candidates that could not be read
    bool altered_file = false;              // one came with other bytes than the index lists
};

struct ProofLimits {
    std::uint64_t download = 8U << 20U;  // a file up to this size is read whole where ranges are refused
};

// Reads RECORD of published wheels by byte ranges and compares it with the installed one. Many
// at once: everything runs inside the transport's drain(). The size is the index's own; where it
// gives none, one byte is asked for to learn it. Absolute ranges only, never a HEAD. What is read
// whole is checked against the index's sha256 first. Credentials of an index go to its own host.
class Prover {
public:
    using Done = std::function<void(Proof)>;
    Prover(HttpTransport& http, const Inflater& inflater, const IndexConfig& config, ProofLimits limits);
    ~Prover();
    Prover(const Prover&) = delete;
    Prover& operator=(const Prover&) = delete;

    void prove(ProofRequest request, Done done);

    // What it cost so far, for the note and the benchmarks.
    struct Cost {
        std::int64_t requests = 0, bytes = 0, wheels = 0;
    };
    Cost cost() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace envlock::index
