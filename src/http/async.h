// Names of Asio's types for our own headers, without Asio in them. Owns nothing. A source that
// co_awaits an Async includes <boost/asio/awaitable.hpp> itself.
#pragma once

namespace boost::asio {
class any_io_executor;
class io_context;
template <typename, typename>
class awaitable;
template <typename, typename>
class basic_stream_socket;
namespace generic {
class stream_protocol;  // NOLINT(readability-identifier-naming): Asio names it
}
}  // namespace boost::asio

namespace http {

template <class T>
using Async = boost::asio::awaitable<T, boost::asio::any_io_executor>;
/// Of TCP, or a local one.
using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                boost::asio::any_io_executor>;

}  // namespace http
