// The golden files are the files that the other tests read and write: one file, three witnesses.
#include "support/catch.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <fstream>

namespace {

nlohmann::json load(const std::string& path) {
    std::ifstream file(std::string(ENVLOCK_SOURCE_DIR) + "/" + path);
    INFO(path);
    REQUIRE(file.good());
    return nlohmann::json::parse(file);
}

std::string problem_of(const nlohmann::json& schema_text, const nlohmann::json& document) {
    valijson::Schema schema;
    valijson::SchemaParser parser;
    const valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_text);
    parser.populateSchema(schema_adapter, schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter target(document);
    if (validator.validate(schema, target, &results)) return {};
    std::string out = "invalid";
    valijson::ValidationResults::Error error;
    while (results.popError(error)) out += "\n" + error.description;
    return out;
}

}  // namespace

TEST_CASE("the golden manifest matches its schema, and a damaged one does not") {
    const auto schema = load("schemas/manifest.schema.json");
    auto manifest = load("fixtures/golden/manifest.lock");
    CHECK(problem_of(schema, manifest) == "");

    manifest["predicate"]["environment"]["layers"][0]["presence"] = "maybe";
    CHECK(problem_of(schema, manifest) != "");
}

TEST_CASE("the golden report matches its schema, and a damaged one does not") {
    const auto schema = load("schemas/report.schema.json");
    auto report = load("fixtures/golden/report.json");
    CHECK(problem_of(schema, report) == "");

    report["verdict"] = "fine";
    CHECK(problem_of(schema, report) != "");
}
