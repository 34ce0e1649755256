//! Random variables with finitely many values, in exact numbers.

use super::LectureError;
use crate::expr::Rational;

/// Values with their probabilities, exact; a sample is one whose values all have the same probability.
///
/// ```
/// use gradus::{Rational, lecture::discrete::Discrete};
/// let die = Discrete::uniform((1..=6).map(Rational::from))?;
/// assert_eq!(die.expectation()?.to_string(), "7/2");
/// assert_eq!(die.variance()?.to_string(), "35/12");
/// assert_eq!(die.skewness()?, 0.0);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Discrete {
    /// Value and probability, in the order given.
    outcomes: Vec<(Rational, Rational)>,
}

impl Discrete {
    /// From pairs of value and probability.
    ///
    /// # Errors
    /// [`LectureError::Empty`], [`LectureError::NotAProbability`], [`LectureError::SumNotOne`]: exactly.
    pub fn new(
        outcomes: impl IntoIterator<Item = (Rational, Rational)>,
    ) -> Result<Discrete, LectureError> {
        let outcomes: Vec<(Rational, Rational)> = outcomes.into_iter().collect();
        if outcomes.is_empty() {
            return Err(LectureError::Empty("the distribution"));
        }
        if let Some((_, p)) = outcomes.iter().find(|(_, p)| p.is_negative()) {
            return Err(LectureError::NotAProbability {
                what: "a probability",
                value: p.to_f64(),
            });
        }
        let sum = total(outcomes.iter().map(|(_, p)| Some(p.clone())))?;
        match sum.is_one() {
            true => Ok(Discrete { outcomes }),
            false => Err(LectureError::SumNotOne {
                what: "the distribution",
                sum: sum.to_f64(),
            }),
        }
    }

    /// All values with the same probability; a value that comes twice counts twice.
    ///
    /// # Errors
    /// [`LectureError::Empty`].
    pub fn uniform(values: impl IntoIterator<Item = Rational>) -> Result<Discrete, LectureError> {
        let values: Vec<Rational> = values.into_iter().collect();
        let count = i64::try_from(values.len()).map_err(|_| LectureError::TooLarge)?;
        let each = Rational::ratio(1, count).ok_or(LectureError::Empty("the distribution"))?;
        Ok(Discrete {
            outcomes: values.into_iter().map(|x| (x, each.clone())).collect(),
        })
    }

    /// The number of trials that succeed, of `trials` with the probability `success` each (binomial).
    ///
    /// # Errors
    /// [`LectureError::NotAProbability`], [`LectureError::TooLarge`].
    pub fn binomial(trials: u32, success: &Rational) -> Result<Discrete, LectureError> {
        let one = Rational::from(1);
        let failure = one.checked_add(&-success).ok_or(LectureError::TooLarge)?;
        if success.is_negative() || failure.is_negative() {
            return Err(LectureError::NotAProbability {
                what: "the probability of a success",
                value: success.to_f64(),
            });
        }
        // No room beforehand: the digits are too many long before so many trials as a u32 may hold.
        let mut outcomes = Vec::new();
        let mut ways = one;
        for k in 0..=trials {
            let powers = power(success, k)?.checked_mul(&power(&failure, trials - k)?);
            let p = powers.and_then(|powers| powers.checked_mul(&ways));
            outcomes.push((
                Rational::from(i64::from(k)),
                p.ok_or(LectureError::TooLarge)?,
            ));
            let next = Rational::ratio(i64::from(trials - k), i64::from(k) + 1);
            ways = next
                .and_then(|next| ways.checked_mul(&next))
                .ok_or(LectureError::TooLarge)?;
        }
        Ok(Discrete { outcomes })
    }

    /// The values with their probabilities.
    pub fn outcomes(&self) -> &[(Rational, Rational)] {
        &self.outcomes
    }

    /// The mean of a function of the value, weighted by the probabilities: E f(X).
    ///
    /// # Errors
    /// [`LectureError::TooLarge`] if the function says `None`, or the digits become too many.
    pub fn mean_of(
        &self,
        f: impl Fn(&Rational) -> Option<Rational>,
    ) -> Result<Rational, LectureError> {
        total(self.outcomes.iter().map(|(x, p)| f(x)?.checked_mul(p)))
    }

    /// The expectation E X.
    ///
    /// # Errors
    /// [`LectureError::TooLarge`].
    pub fn expectation(&self) -> Result<Rational, LectureError> {
        self.mean_of(|x| Some(x.clone()))
    }

    /// The variance E (X - E X)^2.
    ///
    /// # Errors
    /// [`LectureError::TooLarge`].
    pub fn variance(&self) -> Result<Rational, LectureError> {
        self.central_moment(2)
    }

    /// E (X - E X)^n.
    ///
    /// # Errors
    /// [`LectureError::TooLarge`].
    pub fn central_moment(&self, order: u32) -> Result<Rational, LectureError> {
        let mean = self.expectation()?;
        self.mean_of(|x| x.checked_add(&-&mean)?.checked_powi(i64::from(order)))
    }

    /// The third central moment in units of the standard deviation; a root, and so rounded once.
    ///
    /// # Errors
    /// [`LectureError::NoVariance`], [`LectureError::TooLarge`].
    pub fn skewness(&self) -> Result<f64, LectureError> {
        let variance = self.variance()?.to_f64();
        if variance == 0.0 {
            return Err(LectureError::NoVariance("the distribution"));
        }
        Ok(self.central_moment(3)?.to_f64() / (variance * variance.sqrt()))
    }

    /// The distribution of a*X + b: its mean is a*E X + b, its variance a^2 times that of X.
    ///
    /// # Errors
    /// [`LectureError::TooLarge`].
    pub fn scaled_and_shifted(&self, a: &Rational, b: &Rational) -> Result<Discrete, LectureError> {
        let outcomes: Option<Vec<_>> = (self.outcomes.iter())
            .map(|(x, p)| Some((x.checked_mul(a)?.checked_add(b)?, p.clone())))
            .collect();
        Ok(Discrete {
            outcomes: outcomes.ok_or(LectureError::TooLarge)?,
        })
    }
}

/// The covariance of two variables with a common distribution, of which each case is (x, y, probability), exactly.
///
/// ```
/// use gradus::{Rational, lecture::discrete::covariance};
/// let cases = [(0, 0), (1, 1)].map(|(x, y)| (x.into(), y.into(), Rational::ratio(1, 2).unwrap()));
/// assert_eq!(covariance(&cases)?.to_string(), "1/4");
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// As [`Discrete::new`].
pub fn covariance(cases: &[(Rational, Rational, Rational)]) -> Result<Rational, LectureError> {
    let of = |value: fn(&(Rational, Rational, Rational)) -> &Rational| {
        Discrete::new(
            cases
                .iter()
                .map(|case| (value(case).clone(), case.2.clone())),
        )
    };
    let (x, y) = (
        of(|case| &case.0)?.expectation()?,
        of(|case| &case.1)?.expectation()?,
    );
    total(cases.iter().map(|case| {
        let (dx, dy) = (case.0.checked_add(&-&x)?, case.1.checked_add(&-&y)?);
        dx.checked_mul(&dy)?.checked_mul(&case.2)
    }))
}

/// x^n, where 0^0 is 1.
fn power(x: &Rational, n: u32) -> Result<Rational, LectureError> {
    match n {
        0 => Ok(Rational::from(1)),
        _ => x.checked_powi(i64::from(n)).ok_or(LectureError::TooLarge),
    }
}

fn total(terms: impl Iterator<Item = Option<Rational>>) -> Result<Rational, LectureError> {
    let mut sum = Rational::from(0);
    for term in terms {
        let next = term.and_then(|term| sum.checked_add(&term));
        sum = next.ok_or(LectureError::TooLarge)?;
    }
    Ok(sum)
}
