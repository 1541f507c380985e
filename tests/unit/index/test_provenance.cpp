#include <envlock/index/provenance.hpp>

#include "support/attested.hpp"
#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace envlock;
using index::read_provenance;

namespace {

constexpr std::string_view k_wheel = "Foo_Bar-1.0-py2.py3-none-any.whl";
const std::string k_sha256 = sha256_hex("the wheel");

json::Value signed_for(std::string_view name, std::string_view sha256 = k_sha256) { return test::attest(test::statement({test::subject(name, sha256)})); }

std::string with(json::Value attestation, json::Value publisher = test::github_publisher()) {
    return test::provenance({test::bundle(std::move(publisher), {std::move(attestation)})});
}

// Why the one attestation of this object is a mismatch; fails the test when it is none.
std::string mismatch(const std::string& body) {
    const auto seen = read_provenance(body, k_wheel, k_sha256);
    REQUIRE(seen);
    CHECK(seen->state == "mismatch");
    CHECK(seen->identity.empty());
    return seen->reason;
}

json::Value& member(json::Value& value, std::string_view key) {
    for (auto& [name, each] : *value.object()) {
        if (name == key) return each;
    }
    throw std::runtime_error("no such member");
}

}  // namespace

TEST_CASE("an attestation that names the file and verifies is bound to it") {
    const auto seen = read_provenance(with(signed_for(k_wheel)), k_wheel, k_sha256);

    REQUIRE(seen);
    CHECK(seen->state == "bound");
    CHECK(seen->reason.empty());
    CHECK(seen->problems.empty());
    CHECK(seen->identity == "GitHub owner/name release.yml pypi");
    REQUIRE(seen->bundles.size() == 1);
    CHECK(seen->bundles[0].publisher == index::Publisher{.kind = "GitHub", .repository = "owner/name", .workflow = "release.yml", .environment = "pypi", .email = {}, .others = {}});
    REQUIRE(seen->bundles[0].attestations.size() == 1);
    const auto& one = seen->bundles[0].attestations[0];
    CHECK(one.predicate == "publish");
    CHECK(one.compared);
    CHECK(one.certificate.san == "https://github.com/owner/name/.github/workflows/release.yml@refs/heads/main");
    CHECK(one.certificate.issuer == "https://token.actions.githubusercontent.com");
    CHECK(one.certificate.source_repository == "https://github.com/owner/name");
    CHECK(one.certificate.source_ref == "refs/heads/main");
    CHECK(one.certificate.workflow == one.certificate.san);
    CHECK(one.certificate.spki_sha256.size() == 64);
}

TEST_CASE("the subject may spell the file's name in another way") {
    const auto same = [](std::string_view signed_name, std::string_view filename) {
        return read_provenance(with(signed_for(signed_name)), filename, k_sha256)->state == "bound";
    };

    CHECK(same("foo.bar-1.0.0-py3.py2-none-any.whl", k_wheel));
    CHECK(same("foo_bar-1.0.tar.gz", "Foo-Bar-1.0.0.tar.gz"));
    CHECK(same("foo_bar-1.0RC1.zip", "foo.bar-1.0rc1.zip"));
    CHECK_FALSE(same("foo_bar-1.0-1-py2.py3-none-any.whl", k_wheel));
    CHECK_FALSE(same("foo_bar-1.0-py3-none-any.whl", k_wheel));
    CHECK_FALSE(same("foo_bar-1.1-py2.py3-none-any.whl", k_wheel));
    CHECK_FALSE(same("foo_baz-1.0-py2.py3-none-any.whl", k_wheel));
    CHECK_FALSE(same("foo_bar-1.0.tar.gz", k_wheel));
    CHECK_FALSE(same("foo_bar-1.0.tar.gz", "foo_bar-1.0.zip"));
    CHECK_FALSE(same("foo_bar-1.0.tar.gz", "foo_bar-1.1.tar.gz"));
    CHECK_FALSE(same("foo_baz-1.0.tar.gz", "foo_bar-1.0.tar.gz"));
    CHECK_FALSE(same("x/../foo_bar-1.0.tar.gz", "foo_bar-1.0.tar.gz"));
    CHECK_FALSE(same("", k_wheel));
    CHECK_FALSE(same("not a distribution", "not a distribution"));
}

TEST_CASE("a statement about other bytes is a mismatch") {
    const auto other = sha256_hex("other bytes");

    CHECK(mismatch(with(signed_for(k_wheel, other))) == "the statement is about other bytes, sha256 " + other);
    CHECK(mismatch(with(signed_for(k_wheel, ""))) == "the subject has no sha256");
    CHECK(mismatch(with(signed_for(k_wheel, "abcd"))) == "the subject has no sha256");
    CHECK(mismatch(with(signed_for("evil-1.0-py3-none-any.whl"))) == "the statement is about another file, evil-1.0-py3-none-any.whl");
}

TEST_CASE("a digest in capitals is the same digest") {
    auto capitals = k_sha256;
    for (auto& c : capitals) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;

    CHECK(read_provenance(with(signed_for(k_wheel, capitals)), k_wheel, k_sha256)->state == "bound");
}

TEST_CASE("nothing is bound to a file whose digest is not known") {
    for (const auto& sha256 : {std::string(), std::string("abcd"), std::string(64, 'x')}) {
        CHECK(read_provenance(with(signed_for(k_wheel, sha256)), k_wheel, sha256).error().code == ErrorCode::response_malformed);
    }
}

TEST_CASE("a statement has exactly one subject") {
    const auto none = test::attest(test::statement({}));
    const auto two = test::attest(test::statement({test::subject(k_wheel, k_sha256), test::subject("y-1-py3-none-any.whl", k_sha256)}));

    CHECK(mismatch(with(none)) == "the statement has not exactly one subject");
    CHECK(mismatch(with(two)) == "the statement has not exactly one subject");
}

TEST_CASE("a changed statement, signature or key does not verify") {
    const std::string bad = "the signature does not verify under the certificate";
    const auto key = test::ec_key(), stranger = test::ec_key();
    const auto certificate = test::certificate_der(key.get());
    const auto bytes = json::write(test::statement({test::subject(k_wheel, k_sha256)}), json::Style::compact);
    const auto signature = test::dsse_signature(key.get(), bytes);
    auto flipped = signature;
    flipped.back() = static_cast<char>(flipped.back() ^ 1);

    CHECK(read_provenance(with(test::attestation(certificate, bytes, signature)), k_wheel, k_sha256)->state == "bound");
    CHECK(mismatch(with(test::attestation(certificate, bytes + " ", signature))) == bad);
    CHECK(mismatch(with(test::attestation(certificate, bytes, flipped))) == bad);
    CHECK(mismatch(with(test::attestation(certificate, bytes, signature + "x"))) == bad);
    CHECK(mismatch(with(test::attestation(certificate, bytes, test::dsse_signature(stranger.get(), bytes)))) == bad);
    CHECK(mismatch(with(test::attestation(certificate, bytes, test::dsse_signature(key.get(), bytes, "application/json")))) == bad);
    CHECK(mismatch(with(test::attestation(test::certificate_der(stranger.get()), bytes, signature))) == bad);
}

TEST_CASE("a certificate with a key of another kind is refused as such") {
    const auto bytes = json::write(test::statement({test::subject(k_wheel, k_sha256)}), json::Style::compact);
    const auto reason = [&](const test::KeyPair& key) { return mismatch(with(test::attestation(test::certificate_der(key.get()), bytes, test::dsse_signature(key.get(), bytes)))); };

    CHECK(reason(test::rsa_key()) == "the certificate holds an RSA key; attestations are signed with ECDSA P-256");
    CHECK(reason(test::ec_key("P-384")) == "the certificate holds an EC key of another curve or form; attestations are signed with ECDSA P-256");
}

TEST_CASE("what is not base64, not a certificate or not there is named") {
    const auto changed = [](std::string_view part, std::string_view key, json::Value value) {
        auto one = signed_for(k_wheel);
        member(one, part).set(key, std::move(value));
        return mismatch(with(std::move(one)));
    };
    const auto key = test::ec_key();
    const auto der = test::certificate_der(key.get());

    CHECK(changed("envelope", "statement", "%%%%") == "statement is not base64");
    CHECK(changed("envelope", "statement", "eyJ9\n") == "statement is not base64");
    CHECK(changed("envelope", "statement", json::Value(7)) == "no statement");
    CHECK(changed("envelope", "statement", std::string(3U << 20U, 'A')) == "statement is too large");
    CHECK(changed("envelope", "signature", "AAA") == "signature is not base64");
    CHECK(changed("verification_material", "certificate", "????") == "certificate is not base64");
    CHECK(changed("verification_material", "certificate", "AAAA") == "the certificate is not DER of X.509");
    CHECK(changed("verification_material", "certificate", base64(der + "x")) == "the certificate is not DER of X.509");
    CHECK(changed("verification_material", "certificate", base64(der.substr(0, der.size() - 1))) == "the certificate is not DER of X.509");
    CHECK(changed("verification_material", "certificate", base64(std::string(40'000, '0'))) == "the certificate is too large");
    CHECK(changed("verification_material", "transparency_entries", json::Array{}) == "no transparency entry");
    CHECK(changed("verification_material", "transparency_entries", json::Value()) == "no transparency entry");
    CHECK(mismatch(with(json::Value(7))) == "no version");
    CHECK(mismatch(with(json::Value(json::Object{{"version", 1}}))) == "no certificate");
}

TEST_CASE("only in-toto statements in strict JSON are read") {
    const auto reason = [](const std::string& bytes) {
        const auto key = test::ec_key();
        return mismatch(with(test::attestation(test::certificate_der(key.get()), bytes, test::dsse_signature(key.get(), bytes))));
    };
    std::string deep(40, '[');

    CHECK(reason(R"({"_type": "https://in-toto.io/Statement/v0.1"})") == "not an in-toto statement: https://in-toto.io/Statement/v0.1");
    CHECK(reason("[]") == "not an in-toto statement: ");
    CHECK(reason(R"({"_type": 1, "_type": 2})").find("duplicate key") != std::string::npos);
    CHECK(reason(deep).find("nested deeper") != std::string::npos);
}

TEST_CASE("a version or a predicate that envlock does not know is unverified, not a mismatch") {
    auto newer = signed_for(k_wheel);
    newer.set("version", 2);
    const auto other = test::attest(test::statement({test::subject(k_wheel, k_sha256)}, "https://spdx.example/sbom\x1b"));

    const auto version = read_provenance(with(newer), k_wheel, k_sha256);
    const auto kind = read_provenance(with(other), k_wheel, k_sha256);

    CHECK(version->state == "unverified");
    CHECK(version->reason == "attestation version 2; envlock knows 1");
    CHECK(version->identity.empty());
    CHECK(kind->state == "unverified");
    CHECK(kind->reason == "a statement of the kind https://spdx.example/sbom\\x1b");
}

TEST_CASE("both predicates of PEP 740 are known, and nothing that only looks like them") {
    const auto state = [](std::string_view type) {
        return read_provenance(with(test::attest(test::statement({test::subject(k_wheel, k_sha256)}, type))), k_wheel, k_sha256)->state;
    };

    CHECK(state("https://slsa.dev/provenance/v1") == "bound");
    CHECK(state("https://docs.index.example/attestations/publish/v1") == "bound");
    CHECK(state("https://docs.index.example/attestations/publish/v2") == "unverified");
    CHECK(state("https://docs.index.example/x/attestations/publish/v1") == "unverified");
    CHECK(state("http://docs.index.example/attestations/publish/v1") == "unverified");
    CHECK(state("https://slsa.dev/provenance/v0.2") == "unverified");
    CHECK(state("") == "unverified");
}

TEST_CASE("two attestations of one publisher are both looked at") {
    const auto slsa = test::attest(test::statement({test::subject(k_wheel, k_sha256)}, "https://slsa.dev/provenance/v1"));
    auto newer = signed_for(k_wheel);
    newer.set("version", 2);

    const auto good = read_provenance(test::provenance({test::bundle(test::github_publisher(), {signed_for(k_wheel), slsa})}), k_wheel, k_sha256);
    const auto one_newer = read_provenance(test::provenance({test::bundle(test::github_publisher(), {newer, slsa})}), k_wheel, k_sha256);
    const auto one_bad = read_provenance(test::provenance({test::bundle(test::github_publisher(), {slsa, signed_for(k_wheel, sha256_hex("x"))})}), k_wheel, k_sha256);

    CHECK(good->state == "bound");
    CHECK(good->bundles[0].attestations[1].predicate == "slsa");
    CHECK(one_newer->state == "bound");
    CHECK(one_newer->identity == "GitHub owner/name release.yml pypi");
    CHECK(one_newer->problems == std::vector<std::string>{"publisher 1, attestation 1: attestation version 2; envlock knows 1"});
    CHECK(one_bad->state == "mismatch");
    CHECK(one_bad->identity.empty());
    REQUIRE(one_bad->problems.size() == 1);
    CHECK(one_bad->problems[0].starts_with("publisher 1, attestation 2: the statement is about other bytes"));
}

TEST_CASE("two publishers make one identity, whatever their order") {
    const auto second = [] {
        return test::bundle(test::github_publisher("another/fork"),
                            {test::attest(test::statement({test::subject(k_wheel, k_sha256)}), {.san = "", .extensions = {{"12", test::utf8_der("https://github.com/another/fork")}}})});
    };
    const auto first = [] { return test::bundle(test::github_publisher(), {signed_for(k_wheel)}); };

    const auto seen = read_provenance(test::provenance({first(), second()}), k_wheel, k_sha256);
    const auto turned = read_provenance(test::provenance({second(), first()}), k_wheel, k_sha256);

    CHECK(seen->state == "bound");
    CHECK(seen->identity == "GitHub another/fork release.yml pypi + GitHub owner/name release.yml pypi");
    CHECK(turned->identity == seen->identity);
}

TEST_CASE("a publisher in whose name nothing is bound is no part of the identity") {
    auto newer = signed_for(k_wheel);
    newer.set("version", 2);
    const auto good = test::bundle(test::github_publisher(), {signed_for(k_wheel)});

    const auto with_newer = read_provenance(test::provenance({good, test::bundle(test::github_publisher("evil/x"), {newer})}), k_wheel, k_sha256);
    const auto with_empty = read_provenance(test::provenance({good, test::bundle(test::github_publisher("evil/x"), {})}), k_wheel, k_sha256);
    const auto only_empty = read_provenance(test::provenance({test::bundle(test::github_publisher(), {})}), k_wheel, k_sha256);

    CHECK(with_newer->state == "bound");
    CHECK(with_newer->identity == "GitHub owner/name release.yml pypi");
    CHECK(with_empty->identity == "GitHub owner/name release.yml pypi");
    CHECK(with_empty->problems == std::vector<std::string>{"publisher 2: nothing is signed in its name"});
    CHECK(only_empty->state == "unverified");
    CHECK(only_empty->reason == "nothing is signed in the publisher's name");
}

TEST_CASE("a certificate of another publisher is a mismatch") {
    const auto differ = [](json::Value publisher) { return mismatch(with(signed_for(k_wheel), std::move(publisher))); };
    auto gitlab = test::github_publisher();
    gitlab.set("kind", "GitLab");

    CHECK(differ(test::github_publisher("evil/name")) == "the certificate is of repository https://github.com/owner/name, the publisher is https://github.com/evil/name");
    CHECK(differ(test::github_publisher("owner/nam")).starts_with("the certificate is of repository"));
    CHECK(differ(test::github_publisher("owner/name", "other.yml")).ends_with("the publisher is other.yml"));
    CHECK(differ(test::github_publisher("owner/name", "release")).starts_with("the certificate is of workflow"));
    CHECK(differ(gitlab) == "the certificate is of issuer https://token.actions.githubusercontent.com, the publisher is GitLab");
}

TEST_CASE("a repository in other letter case is the same publisher") {
    const auto seen = read_provenance(with(signed_for(k_wheel), test::github_publisher("Owner/Name")), k_wheel, k_sha256);

    CHECK(seen->state == "bound");
    CHECK(seen->bundles[0].publisher.repository == "Owner/Name");
    CHECK(seen->identity == "GitHub owner/name release.yml pypi");
}

TEST_CASE("a certificate that names no repository is bound, and said not to be compared") {
    const auto seen = read_provenance(with(test::attest(test::statement({test::subject(k_wheel, k_sha256)}), {.san = "", .extensions = {}})), k_wheel, k_sha256);

    CHECK(seen->state == "bound");
    CHECK_FALSE(seen->bundles[0].attestations[0].compared);
    CHECK(seen->problems == std::vector<std::string>{"publisher 1, attestation 1: the certificate names nothing to compare with the publisher"});
}

TEST_CASE("the other kinds of publisher are compared by their own names") {
    const auto body = [](std::string_view publisher, const test::CertificateText& text) {
        return with(test::attest(test::statement({test::subject(k_wheel, k_sha256)}), text), *json::parse(publisher, {}, "publisher"));
    };
    const auto gitlab = read_provenance(body(R"({"kind": "GitLab", "repository": "group/sub/name", "workflow_filepath": ".gitlab-ci.yml", "environment": null})",
                                             {.san = "", .extensions = {{"8", test::utf8_der("https://gitlab.com")}, {"12", test::utf8_der("https://gitlab.com/group/sub/name")},
                                                                        {"18", test::utf8_der("https://gitlab.com/group/sub/name//.gitlab-ci.yml@refs/heads/main")}}}), k_wheel, k_sha256);
    const auto google = read_provenance(body(R"({"kind": "Google", "email": "builder@project.example"})", {.san = "email:builder@project.example", .extensions = {{"1", "https://accounts.google.com"}}}),
                                        k_wheel, k_sha256);
    const auto unknown = read_provenance(body(R"({"kind": "Forge", "project": "a b", "org": "o=p", "claims": {"x": "y"}, "environment": "e"})", {}), k_wheel, k_sha256);

    CHECK(gitlab->state == "bound");
    CHECK(gitlab->bundles[0].attestations[0].compared);
    CHECK(gitlab->identity == "GitLab group/sub/name .gitlab-ci.yml");
    CHECK(google->state == "bound");
    CHECK(google->bundles[0].attestations[0].compared);
    CHECK(google->bundles[0].attestations[0].certificate.issuer == "https://accounts.google.com");
    CHECK(google->identity == "Google builder@project.example");
    CHECK(unknown->state == "bound");
    CHECK_FALSE(unknown->bundles[0].attestations[0].compared);
    CHECK(unknown->identity == R"(Forge org="o=p" project="a b" environment=e)");
    CHECK(mismatch(body(R"({"kind": "Google", "email": "other@project.example"})", {.san = "email:builder@project.example", .extensions = {}})).starts_with("the certificate is of address"));
}

TEST_CASE("a certificate that can be read in two ways is refused") {
    const auto reason = [](const test::CertificateText& text) { return mismatch(with(test::attest(test::statement({test::subject(k_wheel, k_sha256)}), text))); };
    const auto repository = test::utf8_der("https://github.com/owner/name");
    const auto extension = std::string("extension 1.3.6.1.4.1.57264.1.12 of the certificate ");

    CHECK(reason({.san = "URI:https://a.example/,URI:https://b.example/", .extensions = {}}) == "the certificate has more than one alternative name");
    CHECK(reason({.san = "", .extensions = {{"12", repository}, {"12", repository}}}) == extension + "is there twice");
    CHECK(reason({.san = "", .extensions = {{"12", repository + "x"}}}) == extension + "is not a UTF8String");
    CHECK(reason({.san = "", .extensions = {{"12", "https://github.com/owner/name"}}}) == extension + "is not a UTF8String");
    CHECK(reason({.san = "", .extensions = {{"12", test::utf8_der(std::string("a\0b", 3))}}}) == extension + "is not text");
    CHECK(reason({.san = "", .extensions = {{"1", std::string(2000, 'x')}}}) == "extension 1.3.6.1.4.1.57264.1.1 of the certificate is too long");
}

TEST_CASE("identities of different publishers are different") {
    using P = index::Publisher;
    const auto identity = [](std::string repository, std::string workflow, std::string environment) {
        return index::identity_of(P{.kind = "GitHub", .repository = std::move(repository), .workflow = std::move(workflow), .environment = std::move(environment), .email = {}, .others = {}});
    };

    CHECK(identity("o/r", "w.yml", "") == "GitHub o/r w.yml");
    CHECK(identity("o/r", "", "w.yml") == R"(GitHub o/r "" w.yml)");
    CHECK(identity("o/r w.yml", "", "") == R"(GitHub "o/r w.yml")");
    CHECK(identity("o/r", "w.yml", "+ GitHub x/y") == R"(GitHub o/r w.yml "+ GitHub x/y")");
    CHECK(identity("o/r", "+", "\"") == R"(GitHub o/r "+" "\"")");
    CHECK(identity("", "", "") == "GitHub");
}

TEST_CASE("what is no provenance object of version 1 is an error") {
    const auto refused = [](const std::string& body) {
        const auto seen = read_provenance(body, k_wheel, k_sha256);
        return seen ? std::string("read") : seen.error().detail;
    };
    json::Array many;
    for (int i = 0; i < 17; ++i) many.push_back(test::bundle(test::github_publisher(), {}));

    CHECK(refused(R"({"version": 2, "attestation_bundles": []})") == "provenance version 2; envlock knows 1");
    CHECK(refused(R"({"version": "1", "attestation_bundles": []})") == "provenance without a version");
    CHECK(refused(R"({"version": 1})") == "provenance without attestations");
    CHECK(refused(R"({"version": 1, "attestation_bundles": []})") == "provenance without attestations");
    CHECK(refused(R"({"version": 1, "attestation_bundles": [{"attestations": []}]})") == "attestations without a publisher");
    CHECK(refused(R"({"version": 1, "attestation_bundles": [7]})") == "attestations without a publisher");
    CHECK(refused(R"({"version": 1, "attestation_bundles": [{"publisher": {"kind": "GitHub"}}]})") == "a publisher without a list of attestations");
    CHECK(refused(R"({"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": []}]})") == "publisher without a kind");
    CHECK(refused(test::provenance(many)) == "too many publishers");
    CHECK(refused(test::provenance({test::bundle(test::github_publisher(), json::Array(65))})) == "too many attestations");
    CHECK(refused(with(json::Value(), test::github_publisher(std::string(600, 'x')))) == "publisher's repository is too long");
    CHECK(refused(std::string(40, '[')).find("nested deeper") != std::string::npos);
    CHECK(refused(R"({"version": 1, "version": 1})").find("duplicate key") != std::string::npos);
    CHECK(refused(std::string(5U << 20U, ' ')).find("not JSON") != std::string::npos);
    CHECK(refused("null") == "provenance without a version");
}

TEST_CASE("real provenance objects are bound to their files") {
    const char* corpus = std::getenv("ENVLOCK_CORPUS");
    if (corpus == nullptr) return;  // the corpus is optional; the cases above are not
    const auto text_of = [&](const std::string& name) {
        std::ifstream file(std::filesystem::path(corpus) / "python/provenance" / name, std::ios::binary);
        return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    };
    const std::string github_sha = "0ace7980f82c5815ede4cd7bf9f6693684cec2ae47b9b7ade9add533b8627c6b";
    const std::string gitlab_sha = "6cdd4a1a0a49aeef47265e7bf8ec1667257b397d34d731dc7b7af349deca1cd8";
    const std::string bare_sha = "117ed88e5db073bb92969a7545745fd977ee85b7019706dd256a64058f70963d";
    const auto body = text_of("sampleproject-4.0.0.tar.gz.provenance.json");

    const auto github = read_provenance(body, "sampleproject-4.0.0.tar.gz", github_sha);
    const auto other_bytes = read_provenance(body, "sampleproject-4.0.0.tar.gz", gitlab_sha);
    const auto gitlab = read_provenance(text_of("pep740-sampleproject-1.0.0.tar.gz.provenance.json"), "pep740_sampleproject-1.0.0.tar.gz", gitlab_sha);
    // One attestation alone, without a publisher.
    const auto bare = *json::parse(text_of("sampleproject-3.0.0.tar.gz.publish.attestation.json"), {}, "attestation");
    const auto wrapped = read_provenance(with(bare, *json::parse(R"({"kind": "?"})", {}, "")), "sampleproject-3.0.0.tar.gz", bare_sha);

    REQUIRE(github);
    CHECK(github->state == "bound");
    CHECK(github->problems.empty());
    CHECK(github->identity == "GitHub pypa/sampleproject release.yml");
    CHECK(github->bundles[0].attestations[0].certificate.source_repository == "https://github.com/pypa/sampleproject");
    CHECK(github->bundles[0].attestations[0].certificate.source_commit == "621e4974ca25ce531773def586ba3ed8e736b3fc");
    CHECK(other_bytes->state == "mismatch");
    REQUIRE(gitlab);
    CHECK(gitlab->state == "bound");
    CHECK(gitlab->problems.empty());
    CHECK(gitlab->identity == "GitLab pep740-example/sampleproject .gitlab-ci.yml");
    REQUIRE(wrapped);
    CHECK(wrapped->state == "bound");
}
