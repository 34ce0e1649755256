//! What takes the whole sample: quantiles, histograms, densities by kernels, and the bootstrap.

use serde::Serialize;

use crate::cli::args::{Statistic, StatsArgs};
use crate::cli::failure::Failure;
use crate::cli::lists;
use crate::cli::picture::Picture;
use crate::cli::typeset;
use crate::cli::value::{Real, number};
use crate::cli::watched::watched;
use crate::lecture::LectureError;
use crate::lecture::nonparametric::{Bins, Empirical, Kernel, bootstrap};
use crate::lecture::sampling::SamplingError;
use crate::lecture::summary::{PairSummary, Summary};
use crate::plot;
use crate::syntax::split_at_commas;

/// Panels of a picture.
const MAX_PANELS: usize = 4;

/// What was asked for, read before the table is.
pub struct Asked {
    quantiles: Vec<f64>,
    places: Vec<f64>,
    place: Option<Picture>,
}

/// What is told of a column, beside its moments.
#[derive(Default, Serialize)]
pub struct OfColumn {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) quantiles: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) histogram: Option<Counted>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) density: Option<Smoothed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bootstrap: Option<Resampled>,
}

/// A place or a probability, and what belongs to it.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Pair {
    pub(super) at: Real,
    pub(super) value: Real,
}

#[derive(Serialize)]
pub(super) struct Counted {
    pub(super) edges: Vec<Real>,
    pub(super) counts: Vec<u64>,
    pub(super) densities: Vec<Real>,
}

#[derive(Serialize)]
pub(super) struct Smoothed {
    pub(super) bandwidth: Real,
    pub(super) values: Vec<Pair>,
}

/// A statistic with its error.
#[derive(Serialize)]
pub struct Resampled {
    pub(super) statistic: &'static str,
    pub(super) estimate: Real,
    pub(super) standard_error: Real,
    pub(super) bias: Real,
    pub(super) interval: [Real; 2],
    pub(super) confidence: f64,
    pub(super) resamples: u64,
    pub(super) seed: u64,
}

impl Statistic {
    fn name(self) -> &'static str {
        match self {
            Statistic::Mean => "mean",
            Statistic::Median => "median",
            Statistic::Std => "std",
            Statistic::Variance => "variance",
            Statistic::Skewness => "skewness",
            Statistic::Correlation => "correlation",
        }
    }

    /// Of one column; NaN where a sample has none.
    fn of(self, sample: &[f64]) -> f64 {
        let summary = Summary::of(sample);
        let value = match self {
            Statistic::Mean => summary.mean(),
            Statistic::Median => Empirical::new(sample).and_then(|s| s.quantile(0.5)),
            Statistic::Std => summary.standard_deviation(),
            Statistic::Variance => summary.variance(),
            Statistic::Skewness => summary.skewness(),
            Statistic::Correlation => unreachable!("of two columns"),
        };
        value.unwrap_or(f64::NAN)
    }
}

impl Asked {
    /// Reads the options; none if nothing is asked for.
    pub fn read(args: &StatsArgs) -> Result<Option<Asked>, Failure> {
        let numbers = |given: &[String], option: &str| -> Result<Vec<f64>, Failure> {
            (given.iter().flat_map(|text| split_at_commas(text)))
                .map(|text| lists::real(text, option))
                .collect()
        };
        let asked = Asked {
            quantiles: numbers(&args.quantiles, "--quantiles")?,
            places: numbers(&args.density, "--density")?,
            place: match &args.picture.plot {
                None => None,
                Some(path) => {
                    let size = args.picture.size.as_deref();
                    Some(Picture::open("--plot", Some(path), size, args.format)?)
                }
            },
        };
        if let Some(p) = asked.quantiles.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            let message = format!("--quantiles: {} is not between 0 and 1", number(*p));
            return Err(
                Failure::new("bad_option", message).with_hint("the median is --quantiles 0.5")
            );
        }
        if args.bandwidth.is_some_and(|h| !(h > 0.0 && h.is_finite())) {
            let message = "--bandwidth must be a finite number above 0";
            return Err(Failure::new("bad_option", message));
        }
        if args.bandwidth.is_some() && asked.places.is_empty() && asked.place.is_none() {
            let message = "--bandwidth is for densities, and none is asked for";
            return Err(Failure::new("bad_option", message)
                .with_hint("add --density 1,2,3 or --plot density.svg"));
        }
        if args.bootstrap.is_some() && !(args.confidence > 0.0 && args.confidence < 1.0) {
            let message = "--confidence must be a number between 0 and 1, such as 0.95";
            return Err(Failure::new("bad_option", message));
        }
        let any = !asked.quantiles.is_empty()
            || !asked.places.is_empty()
            || asked.place.is_some()
            || args.histogram.is_some()
            || args.bootstrap.is_some();
        Ok(any.then_some(asked))
    }

    /// Computes what was asked for of each column; of two columns together comes the correlation.
    pub fn of(
        self,
        args: &StatsArgs,
        names: &[String],
        columns: &[Vec<f64>],
    ) -> Result<Found, Failure> {
        let mut notes = Vec::new();
        let mut of_columns = Vec::with_capacity(names.len());
        let mut panels = Vec::new();
        if let (Some(Statistic::Correlation), false) = (args.bootstrap, names.len() == 2) {
            let message = format!(
                "--bootstrap correlation is of two columns, and these are {}",
                names.len()
            );
            return Err(Failure::new("bad_option", message).with_hint("choose them: --columns x,y"));
        }
        if let (Some(_), Some([_])) = (args.bootstrap, columns.first().map(Vec::as_slice)) {
            let message = "--bootstrap: one row tells nothing of how samples vary";
            return Err(
                Failure::new("bad_data", message).with_hint("a few dozen rows are needed at least")
            );
        }
        for (name, column) in names.iter().zip(columns) {
            let of_column = |error: LectureError| {
                let failure = Failure::from(error);
                Failure::new("bad_data", format!("{name}: {}", failure.message()))
            };
            let sample = Empirical::new(column).map_err(of_column)?;
            let mut found = OfColumn::default();
            for &p in &self.quantiles {
                let value = Real(sample.quantile(p).map_err(of_column)?);
                found.quantiles.push(Pair { at: Real(p), value });
            }
            let bins = match (args.histogram, &self.place) {
                (Some(count), _) => Some(Bins::new(&sample, count)?),
                (None, Some(_)) => Some(Bins::new(&sample, None)?),
                (None, None) => None,
            };
            if let (Some(bins), true) = (&bins, args.histogram.is_some()) {
                let real = |xs: &[f64]| xs.iter().map(|&x| Real(x)).collect();
                found.histogram = Some(Counted {
                    edges: real(&bins.edges),
                    densities: real(&bins.densities()),
                    counts: bins.counts.clone(),
                });
            }
            let wants_kernel = !self.places.is_empty() || self.place.is_some();
            let kernel = match wants_kernel.then(|| Kernel::new(&sample, args.bandwidth)) {
                Some(Ok(kernel)) => Some(kernel),
                Some(Err(error)) if self.places.is_empty() => {
                    notes.push(format!("{name}: no density is drawn: {error}"));
                    None
                }
                Some(Err(error)) => {
                    return Err(
                        of_column(error).with_hint("give the width of the kernels: --bandwidth 1")
                    );
                }
                None => None,
            };
            if let (Some(kernel), false) = (&kernel, self.places.is_empty()) {
                let value = |&x: &f64| Pair {
                    at: Real(x),
                    value: Real(kernel.at(x)),
                };
                found.density = Some(Smoothed {
                    bandwidth: Real(kernel.bandwidth),
                    values: self.places.iter().map(value).collect(),
                });
            }
            if let (Some(bins), true) = (&bins, self.place.is_some() && panels.len() < MAX_PANELS) {
                panels.push(panel(name, bins, kernel.as_ref()));
            }
            match args.bootstrap {
                None | Some(Statistic::Correlation) => {}
                Some(statistic) => {
                    let of = |rows: &[usize]| {
                        let sample: Vec<f64> = rows.iter().map(|&k| column[k]).collect();
                        statistic.of(&sample)
                    };
                    let resampled = resample(args, statistic, column.len(), of, name)?;
                    if resampled.standard_error.0 == 0.0 {
                        notes.push(format!(
                            "{name}: all samples that were drawn have the same {}: that is no error of 0, but too little data",
                            statistic.name()
                        ));
                    }
                    found.bootstrap = Some(resampled);
                }
            }
            of_columns.push(found);
        }
        let correlation = match (args.bootstrap, columns) {
            (Some(Statistic::Correlation), [x, y]) => {
                let of = |rows: &[usize]| {
                    let pick = |c: &[f64]| rows.iter().map(|&k| c[k]).collect::<Vec<f64>>();
                    let pairs = PairSummary::of(&pick(x), &pick(y));
                    pairs
                        .and_then(|pairs| pairs.correlation())
                        .unwrap_or(f64::NAN)
                };
                let name = names.join(", ");
                Some(resample(args, Statistic::Correlation, x.len(), of, &name)?)
            }
            _ => None,
        };
        let mut drawn = String::new();
        if let Some(place) = self.place {
            if names.len() > MAX_PANELS {
                notes.push(format!(
                    "only the first {MAX_PANELS} columns are drawn: choose them by --columns"
                ));
            }
            match plot::histograms("", &panels) {
                Ok(figure) => drawn = place.write(&figure)?,
                Err(error) => notes.push(format!("no picture: {error}")),
            }
        }
        Ok(Found {
            of_columns,
            correlation,
            drawn,
            notes,
        })
    }
}

/// All that was asked for.
pub struct Found {
    /// A column each.
    pub of_columns: Vec<OfColumn>,
    /// Of two columns.
    pub correlation: Option<Resampled>,
    /// A picture in characters.
    pub drawn: String,
    /// Remarks.
    pub notes: Vec<String>,
}

fn resample(
    args: &StatsArgs,
    statistic: Statistic,
    rows: usize,
    of: impl Fn(&[usize]) -> f64 + Sync,
    name: &str,
) -> Result<Resampled, Failure> {
    let found = watched(args.resamples, |progress| {
        bootstrap(rows, of, args.resamples, args.seed, progress)
    });
    let found = found.map_err(|error| match error {
        SamplingError::Interrupted => Failure::new("interrupted", "interrupted: the bootstrap is not done"),
        SamplingError::Input(LectureError::NotFinite { .. }) => {
            let message = format!(
                "{name}: a sample that was drawn has no {}: its numbers are too few, or too many are equal",
                statistic.name()
            );
            Failure::new("bad_data", message)
        }
        SamplingError::Input(error) => error.into(),
        other => Failure::new("bad_option", other.to_string()),
    })?;
    let (low, high) = found.interval(args.confidence)?;
    Ok(Resampled {
        statistic: statistic.name(),
        estimate: Real(found.estimate),
        standard_error: Real(found.standard_error),
        bias: Real(found.bias),
        interval: [Real(low), Real(high)],
        confidence: args.confidence,
        resamples: args.resamples,
        seed: args.seed,
    })
}

fn panel(name: &str, bins: &Bins, kernel: Option<&Kernel>) -> plot::Histogram {
    /// Places at which the density is computed.
    const PLACES: usize = 201;
    let curve = kernel.map(|kernel| {
        let room = 3.0 * kernel.bandwidth;
        let (low, high) = (
            bins.edges[0] - room,
            bins.edges[bins.edges.len() - 1] + room,
        );
        let at = |k: usize| low + (high - low) * k as f64 / (PLACES - 1) as f64;
        let points = (0..PLACES).map(|k| (at(k), kernel.at(at(k)))).collect();
        ("density by kernels".to_owned(), points)
    });
    plot::Histogram {
        x: typeset::name(name),
        edges: bins.edges.clone(),
        heights: bins.densities(),
        curves: curve.into_iter().collect(),
    }
}
