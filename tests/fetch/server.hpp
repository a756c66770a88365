// A small HTTP server on 127.0.0.1 that can be made to lie, cut, stall and redirect.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace scant::test {

struct Request {
  std::string path;
  std::int64_t range = -1;  // first byte asked for, -1: the whole file
  std::string if_range;
};

struct Reply {
  int status = 200;
  std::vector<std::string> headers;
  std::string body;
  std::int64_t announced = -1;  // Content-Length to state, -1: the body's; -2: none
  std::int64_t sent = -1;       // bytes of the body to send before the connection closes, -1: all
  bool stall = false;           // keep the connection open and silent after that
};

/// What an honest server answers that knows `content`.
inline Reply serve(const Request& request, const std::string& content, const std::string& etag = "") {
  Reply reply;
  if (!etag.empty()) reply.headers.push_back("ETag: " + etag);
  const bool same = request.if_range.empty() || request.if_range == etag;
  if (request.range < 0 || !same) {
    reply.body = content;
  } else if (request.range >= static_cast<std::int64_t>(content.size())) {
    reply.status = 416;
  } else {
    reply.status = 206;
    reply.body = content.substr(static_cast<std::size_t>(request.range));
    reply.headers.push_back("Content-Range: bytes " + std::to_string(request.range) + "-" +
                            std::to_string(content.size() - 1) + "/" + std::to_string(content.size()));
  }
  return reply;
}

inline Reply status(int code) {
  Reply reply;
  reply.status = code;
  reply.body = "an error page that nobody may keep";
  return reply;
}

inline Reply redirect(const std::string& to) {
  Reply reply = status(302);
  reply.headers.push_back("Location: " + to);
  return reply;
}

class Server {
 public:
  using Handler = std::function<Reply(const Request&)>;

  explicit Server(Handler handler) : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, plain, &size) != 0) {
      throw std::runtime_error("no port for the test server");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      const std::lock_guard lock(mutex_);
      for (const int connection : connections_) ::shutdown(connection, SHUT_RDWR);
    }
    for (std::thread& worker : workers_) worker.join();
    for (const int connection : connections_) ::close(connection);
  }

  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void accept_all() {
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      const std::lock_guard lock(mutex_);
      connections_.push_back(connection);
      workers_.emplace_back([this, connection] { answer(connection); });
    }
  }

  static std::string header(const std::string& head, const std::string& name) {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }

  void answer(int connection) {
    std::string head;
    char buffer[4096];
    while (head.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
      if (got <= 0) return;
      head.append(buffer, static_cast<std::size_t>(got));
    }
    Request request;
    request.path = head.substr(4, head.find(' ', 4) - 4);
    if (const std::string range = header(head, "Range"); range.starts_with("bytes=")) {
      request.range = std::stoll(range.substr(6));
    }
    request.if_range = header(head, "If-Range");
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const Reply reply = handler_(request);
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " Whatever\r\nConnection: close\r\n";
    for (const std::string& line : reply.headers) out += line + "\r\n";
    const auto length = reply.announced == -1 ? static_cast<std::int64_t>(reply.body.size()) : reply.announced;
    if (length >= 0) out += "Content-Length: " + std::to_string(length) + "\r\n";
    out += "\r\n" + (reply.sent < 0 ? reply.body : reply.body.substr(0, static_cast<std::size_t>(reply.sent)));
    for (std::size_t at = 0; at < out.size();) {
      const ssize_t put = ::send(connection, out.data() + at, out.size() - at, MSG_NOSIGNAL);
      if (put <= 0) break;
      at += static_cast<std::size_t>(put);
    }
    if (reply.stall) {
      (void)::recv(connection, buffer, sizeof buffer, 0);  // until one side gives up
    } else {
      ::shutdown(connection, SHUT_WR);
    }
  }

  Handler handler_;
  int listener_;
  int port_ = 0;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  std::vector<int> connections_;
  std::vector<std::thread> workers_;
  std::vector<Request> requests_;
};

}  // namespace scant::test
