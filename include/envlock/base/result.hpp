#pragma once

#include <envlock/base/error.hpp>

#include <tl/expected.hpp>

#include <utility>

namespace envlock {

// The one spelling of "value or Error"; only what std::expected also offers is used,
// so that the alias can become std::expected when the floor is C++23.
template <class T>
using Result = tl::expected<T, Error>;

inline auto fail(ErrorCode code, std::string subject, std::string detail = {}) {
    return tl::make_unexpected(Error{code, std::move(subject), std::move(detail)});
}

}  // namespace envlock

// auto text = ENVLOCK_TRY(files.read(path));   -- returns the Error to the caller on failure.
// A statement expression, which GCC and Clang both have; the counter lets one stand in another.
#define ENVLOCK_TRY(expression) ENVLOCK_TRY_NAMED(expression, ENVLOCK_JOIN(envlock_try_, __COUNTER__))
#define ENVLOCK_TRY_NAMED(expression, name)                                 \
    __extension__({                                                         \
        auto name = (expression);                                           \
        if (!name) return tl::make_unexpected(std::move(name.error()));     \
        *std::move(name);                                                   \
    })
#define ENVLOCK_JOIN(a, b) ENVLOCK_JOIN_NOW(a, b)
#define ENVLOCK_JOIN_NOW(a, b) a##b

// The same for Result<void>.
#define ENVLOCK_CHECK(expression)                                                           \
    do {                                                                                    \
        auto envlock_check_ = (expression);                                                 \
        if (!envlock_check_) return tl::make_unexpected(std::move(envlock_check_.error())); \
    } while (false)
