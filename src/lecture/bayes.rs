//! Bayes' rule: what an observation says about hypotheses.
//!
//! posterior(h) = prior(h) * likelihood(observation | h) / evidence, where the evidence is the sum of prior times likelihood
//! over all hypotheses: the probability of the observation before it was made.
//!
//! Probabilities are checked when they come in; what comes out sums to 1 as far as rounding goes. Densities, for hypotheses
//! that are a continuum, are for conjugate pairs ([`Beta`], [`NormalMean`]) only: their posterior is of their own kind.

use super::LectureError;
use super::checks::{distribution, finite, positive, probability, same_length};

/// The state of belief after an observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// The probability of each hypothesis, given all observations so far.
    pub posterior: Vec<f64>,
    /// The probability that the observation had before it was made.
    pub evidence: f64,
}

/// One step of Bayes' rule: `likelihoods[h]` is the probability of what was observed if hypothesis h is true.
///
/// ```
/// use gradus::lecture::bayes::update;
/// // One in ten is ill; the test finds 99 in 100 of them, and is wrong about 1 in 100 of the others.
/// let ill = update(&[0.1, 0.9], &[0.99, 0.01])?;
/// assert!((ill.posterior[0] - 0.917).abs() < 1e-3 && (ill.evidence - 0.108).abs() < 1e-12);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::NotAProbability`], [`LectureError::SumNotOne`] for the prior, [`LectureError::Shapes`], and
/// [`LectureError::Impossible`] if no hypothesis allows the observation.
pub fn update(prior: &[f64], likelihoods: &[f64]) -> Result<Update, LectureError> {
    distribution("the prior", prior)?;
    same_length("hypotheses", prior.len(), "likelihoods", likelihoods.len())?;
    for &likelihood in likelihoods {
        probability("a likelihood", likelihood)?;
    }
    let joint: Vec<f64> = prior.iter().zip(likelihoods).map(|(p, l)| p * l).collect();
    let evidence: f64 = joint.iter().sum();
    if evidence == 0.0 {
        return Err(LectureError::Impossible);
    }
    Ok(Update {
        posterior: joint.into_iter().map(|joint| joint / evidence).collect(),
        evidence,
    })
}

/// One observation after another, each of them independent of the others given the hypothesis: the posterior of one step is
/// the prior of the next.
///
/// # Errors
/// As [`update`].
pub fn update_all(prior: &[f64], observations: &[Vec<f64>]) -> Result<Vec<Update>, LectureError> {
    let mut belief = prior.to_vec();
    let mut updates = Vec::with_capacity(observations.len());
    for likelihoods in observations {
        let step = update(&belief, likelihoods)?;
        belief.clone_from(&step.posterior);
        updates.push(step);
    }
    Ok(updates)
}

/// So many positive results in a row are told one by one at most.
pub const MAX_RESULTS: usize = 1_000_000;

/// What is known of a test that says yes or no.
///
/// ```
/// use gradus::lecture::bayes::DiagnosticTest;
/// let test = DiagnosticTest { sensitivity: 0.99, false_alarm: 0.1 };
/// let found: Vec<f64> = test.positives(0.1, 3)?.iter().map(|u| u.posterior[0]).collect();
/// assert!((found[0] - 0.524).abs() < 5e-4 && (found[1] - 0.916).abs() < 1e-3 && (found[2] - 0.991).abs() < 5e-4);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiagnosticTest {
    /// The probability of a yes where yes is true (recall, true positive rate).
    pub sensitivity: f64,
    /// The probability of a yes where no is true (false positive rate).
    pub false_alarm: f64,
}

impl DiagnosticTest {
    /// What so many positive results in a row say of the hypothesis whose probability was `prior`.
    ///
    /// # Errors
    /// As [`update`]; [`LectureError::TooLarge`] above [`MAX_RESULTS`].
    pub fn positives(&self, prior: f64, count: usize) -> Result<Vec<Update>, LectureError> {
        if count > MAX_RESULTS {
            return Err(LectureError::TooLarge);
        }
        self.results(prior, &vec![true; count])
    }

    /// What a series of results says: true is a positive one.
    ///
    /// # Errors
    /// As [`update`].
    pub fn results(&self, prior: f64, results: &[bool]) -> Result<Vec<Update>, LectureError> {
        probability("the prior", prior)?;
        probability("the sensitivity", self.sensitivity)?;
        probability("the false alarm rate", self.false_alarm)?;
        let observations: Vec<Vec<f64>> = (results.iter())
            .map(|&positive| match positive {
                true => vec![self.sensitivity, self.false_alarm],
                false => vec![1.0 - self.sensitivity, 1.0 - self.false_alarm],
            })
            .collect();
        update_all(&[prior, 1.0 - prior], &observations)
    }
}

/// How often a test said what, and what was true.
///
/// ```
/// use gradus::lecture::bayes::Confusion;
/// let table = Confusion { true_positives: 90, false_positives: 30, false_negatives: 10, true_negatives: 870 };
/// assert_eq!((table.precision()?, table.recall()?), (0.75, 0.9));
/// assert_eq!(table.accuracy()?, 0.96);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Said yes, and yes was true.
    pub true_positives: u64,
    /// Said yes, and no was true.
    pub false_positives: u64,
    /// Said no, and yes was true.
    pub false_negatives: u64,
    /// Said no, and no was true.
    pub true_negatives: u64,
}

impl Confusion {
    /// Counts pairs of what was said and what is true.
    pub fn count(pairs: impl IntoIterator<Item = (bool, bool)>) -> Confusion {
        let mut table = Confusion::default();
        for (said, is) in pairs {
            *match (said, is) {
                (true, true) => &mut table.true_positives,
                (true, false) => &mut table.false_positives,
                (false, true) => &mut table.false_negatives,
                (false, false) => &mut table.true_negatives,
            } += 1;
        }
        table
    }

    /// Of those said to be yes, the part that is: the posterior of a positive result.
    ///
    /// # Errors
    /// [`LectureError::NoCases`] if nothing was said to be yes.
    pub fn precision(&self) -> Result<f64, LectureError> {
        share(
            self.true_positives,
            self.false_positives,
            "no case is predicted positive",
        )
    }

    /// Of those that are yes, the part that was found (sensitivity).
    ///
    /// # Errors
    /// [`LectureError::NoCases`] if none is.
    pub fn recall(&self) -> Result<f64, LectureError> {
        share(
            self.true_positives,
            self.false_negatives,
            "no case is positive",
        )
    }

    /// Of those that are no, the part that was taken for a yes (false alarm rate).
    ///
    /// # Errors
    /// [`LectureError::NoCases`] if none is.
    pub fn false_alarm(&self) -> Result<f64, LectureError> {
        share(
            self.false_positives,
            self.true_negatives,
            "no case is negative",
        )
    }

    /// The part about which the test is right.
    ///
    /// # Errors
    /// [`LectureError::NoCases`] if there is none at all.
    pub fn accuracy(&self) -> Result<f64, LectureError> {
        share(
            sum(self.true_positives, self.true_negatives),
            sum(self.false_positives, self.false_negatives),
            "there are no cases",
        )
    }

    /// The harmonic mean of precision and recall (F1).
    ///
    /// # Errors
    /// [`LectureError::NoCases`] if nothing is yes and nothing was said to be.
    pub fn f1(&self) -> Result<f64, LectureError> {
        share(
            sum(self.true_positives, self.true_positives),
            sum(self.false_positives, self.false_negatives),
            "no case is positive or predicted to be",
        )
    }

    /// The part of all cases that is yes: the prior.
    ///
    /// # Errors
    /// [`LectureError::NoCases`] if there is none at all.
    pub fn prevalence(&self) -> Result<f64, LectureError> {
        share(
            sum(self.true_positives, self.false_negatives),
            sum(self.false_positives, self.true_negatives),
            "there are no cases",
        )
    }
}

/// What is believed of the probability of a success: the density is proportional to p^(alpha - 1) * (1 - p)^(beta - 1).
///
/// Conjugate to counts of successes and failures: after them the belief is a beta distribution again.
///
/// ```
/// use gradus::lecture::bayes::Beta;
/// let belief = Beta::new(1.0, 1.0)?.after(7, 3); // anything goes; then 7 of 10
/// assert_eq!((belief.alpha, belief.beta), (8.0, 4.0));
/// assert!((belief.mean() - 2.0/3.0).abs() < 1e-15);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    /// Successes seen, plus what the prior counts for.
    pub alpha: f64,
    /// Failures seen, plus what the prior counts for.
    pub beta: f64,
}

impl Beta {
    /// A prior.
    ///
    /// # Errors
    /// [`LectureError::NotPositive`].
    pub fn new(alpha: f64, beta: f64) -> Result<Beta, LectureError> {
        positive("alpha", alpha)?;
        positive("beta", beta)?;
        Ok(Beta { alpha, beta })
    }

    /// The posterior after so many successes and failures.
    pub fn after(self, successes: u64, failures: u64) -> Beta {
        Beta {
            alpha: self.alpha + successes as f64,
            beta: self.beta + failures as f64,
        }
    }

    /// The probability of a success, as far as is known.
    pub fn mean(self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    /// How uncertain it is: the variance.
    pub fn variance(self) -> f64 {
        let total = self.alpha + self.beta;
        (self.alpha / total) * (self.beta / total) / (total + 1.0)
    }

    /// The probability that is most likely, 0 and 1 among them; none where all are alike, or both ends are peaks.
    pub fn mode(self) -> Option<f64> {
        let (alpha, beta) = (self.alpha - 1.0, self.beta - 1.0);
        match (alpha > 0.0, beta > 0.0) {
            (true, true) => Some(alpha / (alpha + beta)),
            (true, false) => Some(1.0),
            (false, true) => Some(0.0),
            // Only one end is a peak if the density is level at the other.
            (false, false) if alpha == 0.0 && beta < 0.0 => Some(1.0),
            (false, false) if beta == 0.0 && alpha < 0.0 => Some(0.0),
            (false, false) => None,
        }
    }
}

/// What is believed of the mean of normal observations whose standard deviation is known: it is normal itself.
///
/// ```
/// use gradus::lecture::bayes::NormalMean;
/// // Known to be near 0 to about 1; then a measurement of 3 that is as good as that.
/// let belief = NormalMean::new(0.0, 1.0)?.after(&[3.0], 1.0)?;
/// assert!((belief.mean - 1.5).abs() < 1e-15 && (belief.deviation - 0.5f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalMean {
    /// Where the mean is believed to be.
    pub mean: f64,
    /// The standard deviation of that belief.
    pub deviation: f64,
}

impl NormalMean {
    /// A prior.
    ///
    /// # Errors
    /// [`LectureError::NotPositive`], [`LectureError::NotFinite`].
    pub fn new(mean: f64, deviation: f64) -> Result<NormalMean, LectureError> {
        finite("the mean", mean)?;
        positive("the standard deviation", deviation)?;
        Ok(NormalMean { mean, deviation })
    }

    /// The posterior after observations with this standard deviation each: precisions (1/variance) add, and the mean is that
    /// of prior and observations, weighted by them.
    ///
    /// # Errors
    /// [`LectureError::NotPositive`], [`LectureError::NotFinite`].
    pub fn after(self, observations: &[f64], deviation: f64) -> Result<NormalMean, LectureError> {
        positive("the standard deviation", deviation)?;
        for &x in observations {
            finite("an observation", x)?;
        }
        let (before, each) = (self.deviation.powi(-2), deviation.powi(-2));
        let precision = before + each * observations.len() as f64;
        // Changes of the mean, so that what is large in all observations does not cost digits.
        let pull: f64 = observations.iter().map(|x| x - self.mean).sum();
        Ok(NormalMean {
            mean: self.mean + each * pull / precision,
            deviation: precision.sqrt().recip(),
        })
    }
}

/// Counts may be any numbers of 64 bits: their sums have room in 128.
fn share(
    part: impl Into<u128>,
    rest: impl Into<u128>,
    none: &'static str,
) -> Result<f64, LectureError> {
    let (part, rest) = (part.into(), rest.into());
    match part + rest {
        0 => Err(LectureError::NoCases(none)),
        total => Ok(part as f64 / total as f64),
    }
}

fn sum(a: u64, b: u64) -> u128 {
    u128::from(a) + u128::from(b)
}
