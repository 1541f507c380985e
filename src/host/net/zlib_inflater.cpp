#include "host/net/zlib_inflater.hpp"

#include <zlib.h>

#include <limits>

namespace envlock::host {
namespace {

class ZlibInflater final : public Inflater {
public:
    Result<std::string> inflate(std::string_view packed, std::size_t unpacked_size) const override {
        constexpr std::size_t k_most = std::numeric_limits<uInt>::max();
        if (packed.size() > k_most || unpacked_size >= k_most) return fail(ErrorCode::zip_malformed, "member", "larger than 4 GiB");
        z_stream stream{};
        if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) return fail(ErrorCode::internal, "zlib");
        std::string out(unpacked_size + 1, '\0');  // one byte more, to see that nothing follows
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream.avail_in = static_cast<uInt>(packed.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        const int code = ::inflate(&stream, Z_FINISH);
        const auto left = stream.avail_in;
        const auto made = stream.total_out;
        ::inflateEnd(&stream);
        if (code != Z_STREAM_END) return fail(ErrorCode::zip_malformed, "member", "compressed data is damaged");
        if (left != 0 || made != unpacked_size) return fail(ErrorCode::zip_malformed, "member", "another size than its directory says");
        out.resize(unpacked_size);
        return out;
    }

    std::uint32_t crc32(std::string_view bytes) const override {
        return static_cast<std::uint32_t>(::crc32_z(::crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    }
};

}  // namespace

std::unique_ptr<Inflater> make_inflater() { return std::make_unique<ZlibInflater>(); }

}  // namespace envlock::host
