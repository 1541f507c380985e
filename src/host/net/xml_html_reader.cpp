#include "host/net/xml_html_reader.hpp"

#include <envlock/base/text.hpp>

#include <libxml/HTMLparser.h>

namespace envlock::host {
namespace {

constexpr std::size_t k_most_bytes = 64U << 20U;
constexpr std::size_t k_most_text = 4096;
constexpr std::size_t k_most_anchors = 500'000;
constexpr int k_most_depth = 2'000;  // an end tag searches the open elements: without a limit, quadratic time

struct Reading {
    HtmlLinks links;
    bool in_anchor = false;
    int depth = 0;
    bool too_much = false;
    xmlParserCtxt* parser = nullptr;

    void stop() {
        too_much = true;
        xmlStopParser(parser);
    }
};

std::string_view text_of(const xmlChar* text) { return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text); }

std::map<std::string, std::string> attributes_of(const xmlChar** list) {
    std::map<std::string, std::string> out;
    for (; list != nullptr && list[0] != nullptr; list += 2) out.emplace(ascii_lower(text_of(list[0])), text_of(list[1]));
    return out;
}

void start_element(void* context, const xmlChar* name, const xmlChar** list) {
    auto& reading = *static_cast<Reading*>(context);
    if (reading.too_much) return;
    if (++reading.depth > k_most_depth || reading.links.anchors.size() >= k_most_anchors) return reading.stop();
    const auto tag = ascii_lower(text_of(name));
    if (tag != "a" && tag != "base" && tag != "meta") return;
    auto attributes = attributes_of(list);
    if (tag == "a") {
        reading.links.anchors.push_back({std::move(attributes), ""});
        reading.in_anchor = true;
    } else if (tag == "base") {
        if (reading.links.base.empty()) reading.links.base = attributes["href"];
    } else if (const auto meta = attributes["name"]; !meta.empty()) {
        reading.links.metas.emplace(meta, attributes["content"]);
    }
}

void end_element(void* context, const xmlChar* name) {
    --static_cast<Reading*>(context)->depth;
    if (ascii_lower(text_of(name)) == "a") static_cast<Reading*>(context)->in_anchor = false;
}

void characters(void* context, const xmlChar* text, int length) {
    auto& reading = *static_cast<Reading*>(context);
    if (!reading.in_anchor) return;
    auto& anchor = reading.links.anchors.back();
    if (anchor.text.size() < k_most_text) anchor.text.append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
}

// SAX, so that depth costs no stack and no tree is built.
class XmlHtmlReader final : public HtmlReader {
public:
    Result<HtmlLinks> links(std::string_view html) const override {
        if (html.size() > k_most_bytes) return fail(ErrorCode::response_too_large, "HTML page");
        Reading reading;
        htmlSAXHandler handler{};
        handler.startElement = start_element;
        handler.endElement = end_element;
        handler.characters = characters;
        handler.cdataBlock = nullptr;
        auto* parser = htmlCreatePushParserCtxt(&handler, &reading, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8);
        if (parser == nullptr) return fail(ErrorCode::internal, "HTML page", "out of memory");
        reading.parser = parser;
        htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
        constexpr std::size_t k_piece = 64U << 10U;
        for (std::size_t at = 0; at < html.size() && !reading.too_much; at += k_piece) {
            const auto piece = html.substr(at, k_piece);
            htmlParseChunk(parser, piece.data(), static_cast<int>(piece.size()), 0);
        }
        if (!reading.too_much) htmlParseChunk(parser, nullptr, 0, 1);
        if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
        htmlFreeParserCtxt(parser);
        if (reading.too_much) return fail(ErrorCode::response_malformed, "HTML page", "nested too deep, or too many links");
        return std::move(reading.links);
    }
};

}  // namespace

std::unique_ptr<HtmlReader> make_html_reader() { return std::make_unique<XmlHtmlReader>(); }

}  // namespace envlock::host
