//! How a rate changes on the way.

/// A schedule for the rate of a first-order method: by what the rate is multiplied in step `k`, the first being 0.
///
/// Robbins and Monro, A Stochastic Approximation Method (1951): with random gradients the rate must fall, so that its sum
/// is infinite and the sum of its squares is not; [`InverseTime`](Decay::InverseTime) does that. The others are what practice has found. Of
/// mini-batches `k` counts epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Decay {
    /// 1: a fixed rate.
    #[default]
    Constant,
    /// `factor^floor(k/every)`: a drop every so many steps.
    Step {
        /// By what it is multiplied at a drop, between 0 and 1.
        factor: f64,
        /// Steps from drop to drop, at least 1.
        every: u64,
    },
    /// `factor^k`
    Exponential {
        /// Between 0 and 1.
        factor: f64,
    },
    /// `1/(1 + speed*k)`
    InverseTime {
        /// Above 0.
        speed: f64,
    },
    /// `1/sqrt(1 + speed*k)`
    InverseRoot {
        /// Above 0.
        speed: f64,
    },
    /// From 1 to `lowest` in half a wave over `steps` steps, then `lowest` (Loshchilov and Hutter, SGDR, 2017, without
    /// restarts).
    Cosine {
        /// How long it falls, at least 1.
        steps: u64,
        /// Where it ends, from 0 to 1.
        lowest: f64,
    },
}

impl Decay {
    /// By what the rate is multiplied in step `k`.
    ///
    /// ```
    /// use gradus::descend::Decay;
    /// let halved = Decay::Step { factor: 0.5, every: 10 };
    /// assert_eq!([9, 10, 20].map(|k| halved.factor(k)), [1.0, 0.5, 0.25]);
    /// ```
    pub fn factor(self, k: u64) -> f64 {
        let time = k as f64;
        match self {
            Decay::Constant => 1.0,
            Decay::Step { factor, every } => factor.powf((k / every.max(1)) as f64),
            Decay::Exponential { factor } => factor.powf(time),
            Decay::InverseTime { speed } => 1.0 / (1.0 + speed * time),
            Decay::InverseRoot { speed } => 1.0 / (1.0 + speed * time).sqrt(),
            Decay::Cosine { steps, lowest } => {
                let part = (time / steps as f64).min(1.0);
                lowest + (1.0 - lowest) * 0.5 * (1.0 + (std::f64::consts::PI * part).cos())
            }
        }
    }
}
