//! Which instructions the machine has.

use std::fmt;

/// A set of instructions that this machine has, and for which there is a copy of every loop.
///
/// Values exist only for sets that were found at run time, so that whoever has one may use it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub(super) Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// What every machine of the architecture has: SSE2 on x86-64, two lanes.
    Baseline,
    /// Four lanes, and multiplication and addition in one.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Eight lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best one of this machine.
    pub fn best() -> Level {
        *Level::available().last().expect("the baseline is there")
    }

    /// All of this machine, the baseline first.
    pub fn available() -> Vec<Level> {
        #[allow(unused_mut)] // on other machines there is only one
        let mut levels = vec![Level(Kind::Baseline)];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                levels.push(Level(Kind::Avx2));
                if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") {
                    levels.push(Level(Kind::Avx512));
                }
            }
        }
        levels
    }

    /// Does the machine's copy round `a*b + c` only once?
    pub fn is_fused(self) -> bool {
        self.0 != Kind::Baseline
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Baseline => "baseline",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "AVX2 and FMA",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "AVX-512",
        })
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
