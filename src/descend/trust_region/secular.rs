//! The lowest point of a quadratic model in a ball, by eigenvalues.
//!
//! Moré and Sorensen, Computing a trust region step, SIAM J. Sci. Stat. Comput. 4 (1983). They factorise anew for each
//! trial of the multiplier; with eigenvalues at hand a trial costs n operations, the hard case needs no special search, and
//! a shorter radius costs nothing: for the sizes that a dense Hessian suits, that is the better bargain (Conn, Gould and
//! Toint, Trust-Region Methods, 2000, section 7.3.1).

/// A quadratic function in the coordinates of its eigenvectors: `c.p + p.L.p/2`, with L diagonal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Quadratic {
    /// L, in rising order.
    pub(super) eigenvalues: Vec<f64>,
    /// c, the gradient.
    pub(super) slopes: Vec<f64>,
}

/// The lowest point in a ball.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lowest {
    pub(super) step: Vec<f64>,
    /// By how much the model falls.
    pub(super) decrease: f64,
    /// Does the step end on the surface of the ball?
    pub(super) at_the_edge: bool,
}

/// Trials of the multiplier.
const MOST: u32 = 100;

/// The length of a step on the surface is the radius to this relative precision; a trust region needs no more.
const CLOSE: f64 = 1e-3;

impl Quadratic {
    /// The lowest point at a distance of `radius` at most.
    pub(super) fn lowest(&self, radius: f64) -> Lowest {
        let least = self.eigenvalues.first().copied().unwrap_or(0.0);
        let largest = self
            .eigenvalues
            .iter()
            .fold(0.0, |m: f64, l| m.max(l.abs()));
        let floor = f64::EPSILON * largest;
        // All multipliers are counted from here, where the model is just convex, so that small ones keep their digits.
        let base = (-least).max(0.0);
        let step = |extra: f64| -> Vec<f64> {
            let parts = self.eigenvalues.iter().zip(&self.slopes);
            let part = |(l, c): (&f64, &f64)| match *c == 0.0 {
                true => 0.0,
                false => -c / (l + base + extra),
            };
            parts.map(part).collect()
        };
        let length = |step: &[f64]| crate::descend::method::norm(step);
        if least > floor {
            let inside = step(0.0);
            if length(&inside) <= radius {
                return self.judged(inside, false);
            }
        }
        let mut low = 0.0;
        let mut high = crate::descend::method::norm(&self.slopes) / radius;
        let mut extra = match least > floor {
            true => 0.0,
            false => (floor.max(f64::MIN_POSITIVE)).min(high),
        };
        let mut found = step(extra);
        for _ in 0..MOST {
            let size = length(&found);
            if (size - radius).abs() <= CLOSE * radius {
                break;
            }
            if size > radius || size.is_nan() {
                low = extra;
            } else if extra <= floor.max(f64::MIN_POSITIVE) {
                // The hard case: the model falls along the eigenvector of the least eigenvalue, to either side.
                break;
            } else {
                high = extra;
            }
            // Newton's method on 1/radius - 1/size, which is nearly straight.
            let parts = self.eigenvalues.iter().zip(&found);
            let curve: f64 = parts
                .map(|(l, p)| {
                    if *p == 0.0 {
                        0.0
                    } else {
                        p * p / (l + base + extra)
                    }
                })
                .sum();
            let newton = extra + (size * size / curve) * ((size - radius) / radius);
            extra = match newton > low && newton < high {
                true => newton,
                false if low > 0.0 => (low * high).sqrt(),
                false => 1e-3 * high,
            };
            found = step(extra);
        }
        let size = length(&found);
        if size > radius {
            found.iter_mut().for_each(|p| *p *= radius / size);
        } else if least <= 0.0 && size < (1.0 - CLOSE) * radius && !found.is_empty() {
            let first = found[0];
            let rest = (radius * radius - size * size).max(0.0);
            let side = if self.slopes[0] > 0.0 { -1.0 } else { 1.0 };
            found[0] = first + side * ((first * first + rest).sqrt() - first.abs());
        }
        self.judged(found, true)
    }

    /// The same without what may be rounding: where eigenvalue and slope both are, for a point of this size, the function is
    /// taken for flat. Only in variables that are scaled alike: else small eigenvalues may mean much.
    pub(super) fn without_rounding(mut self, size: f64) -> Quadratic {
        let largest = self
            .eigenvalues
            .iter()
            .fold(0.0, |m: f64, l| m.max(l.abs()));
        let rounding = 10.0 * self.eigenvalues.len() as f64 * f64::EPSILON * largest;
        let most = rounding * size.max(1.0);
        for (eigenvalue, slope) in self.eigenvalues.iter_mut().zip(&mut self.slopes) {
            if eigenvalue.abs() <= rounding && slope.abs() <= most {
                (*eigenvalue, *slope) = (0.0, 0.0);
            }
        }
        self
    }

    /// By how much the model falls without a radius: infinite unless it curves upwards wherever it slopes.
    pub(super) fn promise(&self) -> f64 {
        let parts = self.eigenvalues.iter().zip(&self.slopes);
        let part = |(l, c): (&f64, &f64)| match (*c == 0.0, *l > 0.0) {
            (true, _) => 0.0,
            (_, true) => 0.5 * c * c / l,
            (_, false) => f64::INFINITY,
        };
        parts.map(part).sum()
    }

    fn judged(&self, step: Vec<f64>, at_the_edge: bool) -> Lowest {
        let parts = self.eigenvalues.iter().zip(&self.slopes).zip(&step);
        let decrease = parts.map(|((l, c), p)| -(c + 0.5 * l * p) * p).sum();
        Lowest {
            step,
            decrease,
            at_the_edge,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lowest value among many points of the ball.
    fn by_looking(model: &Quadratic, radius: f64) -> f64 {
        let value = |p: [f64; 2]| -> f64 {
            (0..2)
                .map(|i| (model.slopes[i] + 0.5 * model.eigenvalues[i] * p[i]) * p[i])
                .sum()
        };
        let mut lowest = 0.0f64;
        for ring in 0..=200 {
            for turn in 0..2000 {
                let angle = f64::from(turn) * std::f64::consts::TAU / 2000.0;
                let r = radius * f64::from(ring) / 200.0;
                lowest = lowest.min(value([r * angle.cos(), r * angle.sin()]));
            }
        }
        lowest
    }

    #[test]
    fn the_lowest_point_of_the_ball_is_found() {
        for (eigenvalues, slopes, radius) in [
            ([1.0, 2.0], [1.0, 1.0], 10.0), // inside
            ([1.0, 2.0], [1.0, 1.0], 0.1),
            ([-1.0, 2.0], [1.0, 1.0], 1.0),
            ([-3.0, -1.0], [0.5, -2.0], 0.7),
            ([-1.0, 2.0], [0.0, 1.0], 5.0),   // the hard case
            ([-1.0, 2.0], [1e-14, 1.0], 5.0), // nearly
            ([0.0, 1.0], [0.0, 1.0], 5.0),
            ([0.0, 1.0], [1e-3, 1.0], 5.0),
            ([0.0, 0.0], [3.0, 4.0], 2.0),
            ([1e-12, 1e6], [1e-3, 1e3], 1.0),
        ] {
            let model = Quadratic {
                eigenvalues: eigenvalues.to_vec(),
                slopes: slopes.to_vec(),
            };
            let found = model.lowest(radius);
            let size = (found.step[0].powi(2) + found.step[1].powi(2)).sqrt();
            assert!(size <= 1.01 * radius, "{model:?}: {found:?}");
            let expected = -by_looking(&model, radius);
            let near = found.decrease >= expected * (1.0 - 3e-3) - 1e-12;
            assert!(near, "{model:?}: {found:?}, by looking {expected}");
        }
    }

    #[test]
    fn at_a_saddle_it_leaves() {
        let model = Quadratic {
            eigenvalues: vec![-1.0, 1.0],
            slopes: vec![0.0, 0.0],
        };
        let found = model.lowest(0.5);
        assert_eq!(found.step, [0.5, 0.0]);
        assert_eq!(found.decrease, 0.125);
    }
}
