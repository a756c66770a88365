// Boundaries for looking at a comparison several times while runs are added, at one overall error level.
#pragma once
#include <functional>
#include <vector>

namespace scant {

/// A look k has information t_k in (0,1], the share of the planned runs that it sees; a two-sided test stops there if
/// |Z_k| reaches its bound. All functions throw std::invalid_argument for no looks, information that does not rise
/// within (0,1], or a level outside (0,1).

/// Chance without any effect of stopping at each look for the first time: Z_k = B(t_k) / sqrt(t_k) of a Brownian motion
/// B, integrated look by look over the paths that went on (Armitage, McPherson, Rowe, J. R. Stat. Soc. A 132, 1969), to
/// about 1e-12. `bounds` >= 0, one a look; infinity = no stopping.
std::vector<double> stopping_chances(const std::vector<double>& bounds, const std::vector<double>& information);

/// `looks` equally spaced looks: 1/K, 2/K, ..., 1.
std::vector<double> equal_information(int looks);
/// The same bound at each of `looks` equal looks (Pocock, Biometrika 64, 1977).
double pocock_constant(int looks, double alpha = 0.05);
/// The bound of the last look; look k has constant x sqrt(K/k) (O'Brien and Fleming, Biometrics 35, 1979).
double obrien_fleming_constant(int looks, double alpha = 0.05);
std::vector<double> obrien_fleming_bounds(int looks, double alpha = 0.05);

/// Level that may be spent by information t in (0,1], `alpha` in all (Lan and DeMets, Biometrika 70, 1983):
/// 2 - 2 Phi(z_{alpha/2} / sqrt t), strict at first, and alpha ln(1 + (e - 1) t), nearly even.
double obrien_fleming_spending(double information, double alpha = 0.05);
double pocock_spending(double information, double alpha = 0.05);
/// Bounds of looks at any information that spend spent(t_k) by look k; `spent` rises, from spent(0) = 0. A look that
/// may spend nothing has an infinite bound.
std::vector<double> spending_bounds(const std::vector<double>& information, const std::function<double(double)>& spent);

}  // namespace scant
