// Threads as ranks.
#include "harness/conform/ranks.hpp"

#include <barrier>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace scant {
namespace {

/// A place for one tensor of every rank.
class Board {
 public:
  explicit Board(int ranks) : posted_(static_cast<std::size_t>(ranks)), meeting_(ranks) {}
  /// Every rank's tensor, in the order of ranks.
  std::vector<torch::Tensor> exchange(int rank, const torch::Tensor& own) {
    posted_[static_cast<std::size_t>(rank)] = own.detach();
    meeting_.arrive_and_wait();
    std::vector<torch::Tensor> all = posted_;
    meeting_.arrive_and_wait();  // nobody posts again before everybody has read
    return all;
  }
  /// The others go on without this rank.
  void leave() { meeting_.arrive_and_drop(); }
  std::int64_t ranks() const { return std::ssize(posted_); }

 private:
  std::vector<torch::Tensor> posted_;
  std::barrier<> meeting_;
};

/// On the CPU backward runs in the thread that asked for it, so that ranks meet there as well.
struct GatherRows : torch::autograd::Function<GatherRows> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& own, Board* board,
                               int rank) {
    context->saved_data["board"] = reinterpret_cast<std::int64_t>(board);
    context->saved_data["rank"] = rank;
    return torch::cat(board->exchange(rank, own));
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    auto* board = reinterpret_cast<Board*>(context->saved_data["board"].toInt());
    const std::int64_t rank = context->saved_data["rank"].toInt();
    torch::Tensor sum = torch::zeros_like(gradients.front());
    for (const torch::Tensor& gradient : board->exchange(static_cast<int>(rank), gradients.front())) sum += gradient;
    const std::int64_t own = sum.size(0) / board->ranks();
    return {sum.narrow(0, rank * own, own), {}, {}};
  }
};

class Rank : public Gather {
 public:
  Rank(Board& board, int rank) : board_(board), rank_(rank) {}
  int rank() const override { return rank_; }
  int ranks() const override { return static_cast<int>(board_.ranks()); }
  torch::Tensor rows(const torch::Tensor& own) override { return GatherRows::apply(own, &board_, rank_); }
  torch::Tensor sum(const torch::Tensor& own) override {
    torch::Tensor sum = torch::zeros_like(own);
    for (const torch::Tensor& part : board_.exchange(rank_, own)) sum += part;
    return sum;
  }

 private:
  Board& board_;
  int rank_;
};

}  // namespace

void run_ranks(int ranks, const std::function<void(Gather&)>& work) {
  Board board(ranks);
  // The first in time: where one rank leaves, the others fail for want of its tensors.
  std::exception_ptr failure;
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < ranks; ++rank) {
      threads.emplace_back([&, rank] {
        Rank gather(board, rank);
        try {
          work(gather);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!failure) failure = std::current_exception();
        }
        board.leave();
      });
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace scant
