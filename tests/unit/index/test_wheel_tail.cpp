#include <envlock/index/wheel_tail.hpp>

#include "host/net/zlib_inflater.hpp"
#include "support/catch.hpp"
#include "support/small_zip.hpp"

using namespace envlock;
using index::ByteRange;
using index::WheelTail;

namespace {

struct Read {
    Result<std::string> record = std::string();
    std::vector<ByteRange> ranges;
    std::string dist_info;
    std::size_t members = 0;
};

// What a server with ranges would do.
Read read_wheel(const std::string& file, std::uint64_t guess) {
    static const auto inflater = host::make_inflater();
    WheelTail tail(file.size(), *inflater);
    Read out;
    std::optional<ByteRange> range = tail.first(guess);
    while (range) {
        out.ranges.push_back(*range);
        REQUIRE(out.ranges.size() <= 3);
        REQUIRE(range->last < file.size());
        auto next = tail.take(*range, file.substr(range->first, range->length()));
        if (!next) {
            out.record = tl::make_unexpected(next.error());
            return out;
        }
        range = *next;
    }
    out.record = tail.record();
    out.dist_info = tail.dist_info();
    out.members = tail.members().size();
    return out;
}

const std::string k_rows = "x/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\nx-1.0.dist-info/RECORD,,\n";

std::string noise(std::size_t size) {
    std::string out;
    std::uint32_t state = 7;
    while (out.size() < size) out += static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24U);
    return out;
}

test::SmallZip wheel() {
    test::SmallZip out;
    out.add("x/", "", false);
    out.add("x/__init__.py", "");
    out.add("x/data.bin", noise(200'000));
    out.add("x-1.0.dist-info/RECORD", k_rows);
    return out;
}

void refused(const test::SmallZip& zip, const std::string& why, std::uint64_t guess = 1U << 20U) {
    const auto seen = read_wheel(zip.build(), guess);
    REQUIRE_FALSE(seen.record);
    CHECK(seen.record.error().code == ErrorCode::zip_malformed);
    CHECK_THAT(seen.record.error().detail, Catch::Contains(why));
}

}  // namespace

TEST_CASE("RECORD comes out of one small range at a wheel's end") {
    const auto file = wheel().build();

    const auto seen = read_wheel(file, 1000);

    REQUIRE(seen.record);
    CHECK(*seen.record == k_rows);
    CHECK(seen.dist_info == "x-1.0.dist-info");
    CHECK(seen.members == 3);
    CHECK(seen.ranges == std::vector<ByteRange>{{file.size() - 1000, file.size() - 1}});
}

TEST_CASE("a directory that starts before the window takes one more range, with RECORD in it") {
    const auto file = wheel().build();

    const auto seen = read_wheel(file, 100);

    REQUIRE(seen.record);
    CHECK(seen.ranges.size() == 2);
    CHECK(seen.ranges[1].last == seen.ranges[0].first - 1);
}

TEST_CASE("a RECORD far from the end is asked for alone, not all that lies behind it") {
    auto zip = wheel();
    zip.add("x-1.0.dist-info/licenses/LICENSE", noise(300'000), false);
    const auto file = zip.build();

    const auto seen = read_wheel(file, 2000);

    REQUIRE(seen.record);
    REQUIRE(seen.ranges.size() == 2);
    CHECK(seen.ranges[1].length() < 1000);
}

TEST_CASE("a local header with a long extra field costs a third range at most") {
    auto zip = wheel();
    zip.members.back().local_extra = std::string(500, '\0');
    zip.add("x-1.0.dist-info/licenses/LICENSE", noise(300'000), false);

    const auto seen = read_wheel(zip.build(), 2000);

    REQUIRE(seen.record);
    CHECK(*seen.record == k_rows);
    CHECK(seen.ranges.size() == 3);
}

TEST_CASE("a wheel smaller than the window, a stored RECORD, and a comment are read") {
    auto zip = wheel();
    zip.members.back().deflate = false;
    zip.comment = "a comment of the archive";

    const auto seen = read_wheel(zip.build(), 1U << 20U);

    REQUIRE(seen.record);
    CHECK(*seen.record == k_rows);
}

TEST_CASE("a comment longer than the window is looked behind once") {
    auto zip = wheel();
    zip.comment = std::string(60'000, 'c');

    const auto seen = read_wheel(zip.build(), 500);

    REQUIRE(seen.record);
    CHECK(seen.ranges.size() <= 3);
}

TEST_CASE("ZIP64 records and fields are followed, also when the window is too small for them") {
    auto zip = wheel();
    zip.zip64 = true;
    for (auto& member : zip.members) member.zip64 = true;
    const auto file = zip.build();

    for (const std::uint64_t guess : {22U, 60U, 90U, 100U, 400U, 100'000U}) {
        const auto seen = read_wheel(file, guess);
        INFO(guess);
        REQUIRE(seen.record);
        CHECK(*seen.record == k_rows);
        CHECK(seen.members == 3);
    }
}

TEST_CASE("an archive that contradicts itself is refused, and the reason said") {
    SECTION("bytes behind the end") {
        const auto seen = read_wheel(wheel().build() + "x", 1000);
        REQUIRE_FALSE(seen.record);
    }
    SECTION("a directory that is not where it is announced") {
        auto zip = wheel();
        zip.offset_lie = 4;
        refused(zip, "not where it is announced");
    }
    SECTION("a name twice") {
        auto zip = wheel();
        zip.add("x/__init__.py", "other");
        refused(zip, "stands twice");
    }
    SECTION("two .dist-info folders") {
        auto zip = wheel();
        zip.add("y-1.0.dist-info/RECORD", k_rows);
        refused(zip, "more than one .dist-info");
    }
    SECTION("no RECORD at the top") {
        test::SmallZip zip;
        zip.add("x/vendored-1.0.dist-info/RECORD", k_rows);
        refused(zip, "no .dist-info/RECORD");
    }
    SECTION("a wrong checksum") {
        auto zip = wheel();
        zip.members.back().crc = 12345;
        refused(zip, "checksum");
    }
    SECTION("an encrypted RECORD") {
        auto zip = wheel();
        zip.members.back().flags = 1;
        refused(zip, "encrypted");
    }
    SECTION("another name in the local header") {
        auto zip = wheel();
        zip.members.back().local_name = "y-1.0.dist-info/RECORD";
        refused(zip, "another name");
    }
    SECTION("a RECORD that unpacks to far too much") {
        test::SmallZip zip;
        zip.add("x-1.0.dist-info/RECORD", std::string(20U << 20U, 'a'));
        refused(zip, "far too much");
    }
    SECTION("a RECORD longer or shorter than its directory says") {
        for (const auto size : {k_rows.size() - 1, k_rows.size() + 1}) {
            auto zip = wheel();
            zip.members.back().lie_size = static_cast<std::uint32_t>(size);
            refused(zip, "another size");
        }
    }
    SECTION("nothing at all") {
        CHECK_FALSE(read_wheel("PK", 1000).record);
        CHECK_FALSE(read_wheel(std::string(100, 'x'), 1000).record);
    }
}

TEST_CASE("a nested RECORD of a vendored package is not the wheel's") {
    auto zip = wheel();
    zip.add("x/_vendor/y-2.0.dist-info/RECORD", "y,,\n");

    const auto seen = read_wheel(zip.build(), 1U << 20U);

    REQUIRE(seen.record);
    CHECK(*seen.record == k_rows);
}

TEST_CASE("every truncation of a wheel is refused or asks for more, and never crashes") {
    const auto inflater = host::make_inflater();
    const auto file = wheel().build();
    for (std::size_t cut = 0; cut < 700; ++cut) {
        const auto part = file.substr(0, file.size() - 1 - cut);
        WheelTail tail(part.size(), *inflater);
        const auto range = tail.first(2000);
        const auto next = tail.take(range, part.substr(range.first));
        CHECK((!next || *next));
    }
}
