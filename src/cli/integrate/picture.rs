//! Pictures of sampling: how the error falls with the number of points, and how means of few and many points spread.

use std::path::Path;

use crate::cli::args::IntegrateArgs;
use crate::cli::failure::Failure;
use crate::cli::paths;
use crate::cli::picture::Picture;
use crate::cli::value::number;
use crate::cli::watched::watched;
use crate::lecture::sampling::{self, Integral, MAX_DIMENSIONS, Points, Progress, SamplingError};
use crate::plot::{self, Errors, Histogram};
use crate::program::batch::Batch;

/// The fewest points of an estimate in the picture of errors.
const FEWEST: u64 = 16;

/// Of how many values the means in the picture of the central limit theorem are.
const MEANS_OF: [u64; 4] = [1, 4, 16, 64];

/// How many means a histogram counts.
const MEANS: u64 = 20_000;

/// Bars of a histogram.
const BARS: usize = 41;

/// A histogram reaches so many standard deviations to both sides of the mean.
const REACH: f64 = 4.0;

/// The places that were asked for.
pub struct Pictures {
    convergence: Option<Picture>,
    means: Option<Picture>,
}

/// What is sampled.
#[derive(Clone, Copy)]
pub struct Sampled<'a> {
    pub batch: &'a Batch,
    pub bounds: &'a [(f64, f64)],
    pub seed: u64,
    /// The formula, for the title.
    pub formula: &'a str,
}

impl Pictures {
    /// Files that cannot be written are refused here, before the work.
    pub fn open(args: &IntegrateArgs) -> Result<Pictures, Failure> {
        let paths = (args.picture.plot.as_deref(), args.means.as_deref());
        paths::distinct(None, &[("--plot", paths.0), ("--means", paths.1)])?;
        if args.picture.plot.is_some() && args.samples < 2 * FEWEST {
            let message = format!(
                "--plot draws estimates from {FEWEST} to --samples points, and these are {}",
                args.samples
            );
            return Err(Failure::new("bad_option", message).with_hint("choose --samples 10000"));
        }
        let size = args.picture.size.as_deref();
        let open = |option, path: Option<&Path>| {
            path.map(|path| Picture::open(option, Some(path), size, args.format))
                .transpose()
        };
        Ok(Pictures {
            convergence: open("--plot", paths.0)?,
            means: open("--means", paths.1)?,
        })
    }

    /// Draws. What comes back is for standard output, and remarks.
    pub fn draw(
        self,
        args: &IntegrateArgs,
        sampled: Sampled<'_>,
        truth: Option<f64>,
    ) -> Result<(String, Vec<String>), Failure> {
        let (mut out, mut notes) = (String::new(), Vec::new());
        let figures = [(self.convergence, true), (self.means, false)];
        for (place, is_convergence) in figures {
            let Some(place) = place else { continue };
            let figure = match is_convergence {
                true => convergence(args, sampled, truth, &mut notes),
                false => means(sampled),
            };
            match figure {
                Ok(Ok(figure)) => {
                    out += "\n";
                    out += &place.write(&figure)?;
                }
                Ok(Err(error)) => notes.push(format!("no picture: {error}")),
                Err(error) => notes.push(format!("no picture: {error}")),
            }
        }
        Ok((
            if out.trim().is_empty() {
                String::new()
            } else {
                out
            },
            notes,
        ))
    }
}

type Drawn = Result<Result<plot::Figure, plot::PlotError>, SamplingError>;

/// Powers of two, and the number of points that was asked for.
fn numbers_of_points(most: u64) -> Vec<u64> {
    let powers = std::iter::successors(Some(FEWEST), |n| n.checked_mul(2));
    let mut numbers: Vec<u64> = powers.take_while(|&n| n < most).collect();
    numbers.push(most);
    numbers
}

fn convergence(
    args: &IntegrateArgs,
    sampled: Sampled<'_>,
    truth: Option<f64>,
    notes: &mut Vec<String>,
) -> Drawn {
    let numbers = numbers_of_points(args.samples);
    let repeat = args.repeat.max(2);
    let has_sobol = sampled.bounds.len() <= MAX_DIMENSIONS;
    if !has_sobol {
        notes.push(format!(
            "Sobol points have at most {MAX_DIMENSIONS} dimensions: they are not in the picture"
        ));
    }
    let methods: &[(Points, &str)] = match has_sobol {
        true => &[(Points::Random, "random"), (Points::Sobol, "Sobol")],
        false => &[(Points::Random, "random")],
    };
    let all: u64 = numbers
        .iter()
        .sum::<u64>()
        .saturating_mul(repeat * methods.len() as u64);
    let (mut errors, mut law) = (Vec::new(), 0.0);
    watched(all, |progress| -> Result<(), SamplingError> {
        for &(points, name) in methods {
            let mut line = Vec::new();
            for &n in &numbers {
                let found = estimate(sampled, n, repeat, points, progress)?;
                line.push((n as f64, error(&found, truth)));
                if points == Points::Random {
                    // Of one point the estimate is off by the deviation of the function times the volume.
                    law = found.values.standard_deviation().unwrap_or(0.0) * volume(sampled.bounds);
                }
            }
            errors.push(Errors {
                name: name.to_owned(),
                points: line,
            });
        }
        Ok(())
    })?;
    let title = format!("error of the integral of {}", sampled.formula);
    let name = format!("{}/√n", number(short(law)));
    Ok(plot::convergence(&title, &errors, Some((&name, law))))
}

fn volume(bounds: &[(f64, f64)]) -> f64 {
    bounds
        .iter()
        .map(|(low, high)| (high - low).abs())
        .product()
}

fn estimate(
    sampled: Sampled<'_>,
    samples: u64,
    repeat: u64,
    points: Points,
    progress: Progress<'_>,
) -> Result<Integral, SamplingError> {
    let Sampled {
        batch,
        bounds,
        seed,
        ..
    } = sampled;
    sampling::integrate(batch, bounds, samples, repeat, seed, points, progress)
}

/// The root of the mean square of the estimates' distance from the truth, or, where that is not known, from their mean.
fn error(found: &Integral, truth: Option<f64>) -> f64 {
    match truth {
        None => found.std,
        Some(truth) => {
            let squares = found.estimates.iter().map(|x| (x - truth).powi(2));
            (squares.sum::<f64>() / found.estimates.len() as f64).sqrt()
        }
    }
}

fn means(sampled: Sampled<'_>) -> Drawn {
    let all = MEANS_OF.iter().sum::<u64>() * MEANS;
    let signed: f64 = sampled
        .bounds
        .iter()
        .map(|(low, high)| high - low)
        .product();
    let mut histograms = Vec::new();
    watched(all, |progress| -> Result<(), SamplingError> {
        for n in MEANS_OF {
            let found = estimate(sampled, n, MEANS, Points::Random, progress)?;
            histograms.extend(histogram(&found, n, signed));
        }
        Ok(())
    })?;
    let title = format!("means of values of {}", sampled.formula);
    Ok(plot::histograms(&title, &histograms))
}

/// The means of n values each (estimates are these times the volume, which has the sign of the interval), with the normal distribution that they come to; none where all values are equal.
fn histogram(found: &Integral, n: u64, volume: f64) -> Option<Histogram> {
    let mean = found.values.mean().ok()?;
    let deviation = found.values.standard_deviation().ok()? / (n as f64).sqrt();
    if deviation.is_nan() || deviation <= 0.0 {
        return None;
    }
    let width = 2.0 * REACH * deviation / BARS as f64;
    let mut low = mean - REACH * deviation;
    // A bar that is half below the least value would be too low: an edge lies at that value.
    let least = found.values.min();
    if least > low {
        low = least - ((least - low) / width).floor() * width;
    }
    let mut counts = vec![0u64; BARS];
    for estimate in &found.estimates {
        let bar = (estimate / volume - low) / width;
        if (0.0..BARS as f64).contains(&bar) {
            counts[bar as usize] += 1;
        }
    }
    let all = found.estimates.len() as f64;
    let edge = |k: usize| low + width * k as f64;
    /// Places at which the curve is computed.
    const PLACES: usize = 161;
    let curve = (0..PLACES).map(|k| {
        let z = REACH * (2.0 * k as f64 / (PLACES - 1) as f64 - 1.0);
        let density = (-0.5 * z * z).exp() / (deviation * std::f64::consts::TAU.sqrt());
        (mean + z * deviation, density)
    });
    Some(Histogram {
        x: match n {
            1 => "single values".to_owned(),
            n => format!("means of {n}"),
        },
        edges: (0..=BARS).map(edge).collect(),
        heights: counts.iter().map(|&c| c as f64 / all / width).collect(),
        curves: vec![("normal".to_owned(), curve.collect())],
    })
}

/// Two digits.
fn short(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}
