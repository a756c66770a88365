// Wilcoxon's test of every pair, and maximal cliques.
#include "results/statistics/pairwise.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "results/statistics/paired.hpp"
#include "results/statistics/wilcoxon.hpp"

namespace scant {
namespace {

std::vector<double> column(const std::vector<std::vector<double>>& scores, std::size_t method) {
  std::vector<double> values;
  for (const auto& row : scores) values.push_back(row[method]);
  return values;
}

using Graph = std::vector<std::vector<bool>>;  // [a][b]: a and b may stand together

std::vector<int> neighbours(const Graph& graph, const std::vector<int>& of, int vertex) {
  std::vector<int> kept;
  for (const int other : of) {
    if (graph[static_cast<std::size_t>(vertex)][static_cast<std::size_t>(other)]) kept.push_back(other);
  }
  return kept;
}

/// Adds every maximal clique that holds all of `clique`, some of `candidates` and none of `done`.
void extend(const Graph& graph, const std::vector<int>& clique, std::vector<int> candidates, std::vector<int> done,
            std::vector<std::vector<int>>& found) {
  if (candidates.empty() && done.empty()) found.push_back(clique);
  if (candidates.empty()) return;
  // Of a pivot and its neighbours at least one is in every maximal clique: only the others need to be tried.
  const int pivot = *std::max_element(candidates.begin(), candidates.end(), [&](int a, int b) {
    return neighbours(graph, candidates, a).size() < neighbours(graph, candidates, b).size();
  });
  for (const int vertex : std::vector<int>(candidates)) {
    if (graph[static_cast<std::size_t>(pivot)][static_cast<std::size_t>(vertex)]) continue;
    std::vector<int> larger = clique;
    larger.push_back(vertex);
    extend(graph, larger, neighbours(graph, candidates, vertex), neighbours(graph, done, vertex), found);
    std::erase(candidates, vertex);
    done.push_back(vertex);
  }
}

}  // namespace

PairwiseTests pairwise_wilcoxon(const std::vector<std::vector<double>>& scores, double alpha, PairRule rule,
                                Adjustment adjustment) {
  const std::size_t methods = scores.empty() ? 0 : scores[0].size();
  for (const auto& row : scores) {
    if (row.size() != methods) throw std::invalid_argument("a data set lacks a method's score");
  }
  PairwiseTests tests;
  for (std::size_t a = 0; a < methods; ++a) {
    for (std::size_t b = a + 1; b < methods; ++b) {
      tests.pairs.emplace_back(static_cast<int>(a), static_cast<int>(b));
      const std::vector<double> first = column(scores, a), second = column(scores, b);
      tests.p.push_back(rule == PairRule::exact ? wilcoxon_p_exact(paired_differences(first, second), Zeros::pratt)
                                                : wilcoxon_p_scipy(paired_differences(first, second, 0), Zeros::pratt));
    }
  }
  tests.adjusted = adjusted(tests.p, adjustment);
  for (const double p : tests.adjusted) tests.reject.push_back(p <= alpha);
  return tests;
}

std::vector<std::vector<int>> maximal_cliques(const PairwiseTests& tests, int methods) {
  const auto size = static_cast<std::size_t>(methods);
  Graph graph(size, std::vector<bool>(size, true));
  for (std::size_t i = 0; i < size; ++i) graph[i][i] = false;
  for (std::size_t i = 0; i < tests.pairs.size(); ++i) {
    const auto a = static_cast<std::size_t>(tests.pairs[i].first), b = static_cast<std::size_t>(tests.pairs[i].second);
    graph.at(a).at(b) = graph.at(b).at(a) = !tests.reject[i];
  }
  std::vector<int> all(size);
  std::iota(all.begin(), all.end(), 0);
  std::vector<std::vector<int>> found;
  if (methods > 0) extend(graph, {}, all, {}, found);
  for (auto& clique : found) std::sort(clique.begin(), clique.end());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace scant
