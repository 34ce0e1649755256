//! What `gradus likelihood` prints.

use serde::Serialize;
use serde::ser::Serializer;

use crate::cli::answer::Answer;
use crate::cli::args::Report;
use crate::cli::matrix;
use crate::cli::value::{Real, digits, interval_digits, percent};

/// An estimated parameter.
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its standard error; NaN where there is none.
    pub std_error: f64,
    /// The interval that holds the true value.
    pub interval: (f64, f64),
}

/// How the estimate was found by descent.
pub struct Descended {
    /// The method.
    pub method: String,
    /// Why it ended.
    pub stop_reason: &'static str,
    /// Did it converge?
    pub converged: bool,
    /// Steps taken.
    pub iterations: u64,
    /// What kind of point it is.
    pub verdict: Option<&'static str>,
    /// The covariances of the parameters, row by row.
    pub covariance: Vec<Vec<f64>>,
}

/// An estimate with all that is told of it.
pub struct Estimated {
    /// What stands above: the logarithm of the density, or the name of the distribution.
    pub head: (&'static str, String),
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The probability of the intervals.
    pub confidence: f64,
    /// How many rows there were.
    pub rows: u64,
    /// The logarithm of the density of the table.
    pub log_likelihood: f64,
    /// How many numbers were fitted.
    pub fitted_numbers: u64,
    /// Are the standard errors those of the expected Fisher information too?
    pub information_is_expected: bool,
    /// How it was found; none in closed form.
    pub descended: Option<Descended>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Was what was asked not reached?
    pub unreached: bool,
}

/// The JSON object of the command.
#[derive(Serialize)]
struct Object<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    log_density: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distribution: Option<&'a str>,
    converged: bool,
    stop_reason: &'a str,
    method: &'a str,
    iterations: u64,
    parameters: Parameters<'a>,
    confidence: f64,
    rows: u64,
    log_likelihood: Real,
    aic: Real,
    bic: Real,
    information: &'a [&'a str],
    /// What kind of point of the likelihood it is.
    verdict: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    covariance: Vec<Vec<Real>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct ParameterObject {
    value: Real,
    std_error: Real,
    lower: Real,
    upper: Real,
}

/// By name, in order.
struct Parameters<'a>(&'a [Parameter]);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|p| {
            let object = ParameterObject {
                value: Real(p.value),
                std_error: Real(p.std_error),
                lower: Real(p.interval.0),
                upper: Real(p.interval.1),
            };
            (&p.name, object)
        }))
    }
}

impl Estimated {
    fn aic(&self) -> f64 {
        2.0 * (self.fitted_numbers as f64 - self.log_likelihood)
    }

    fn bic(&self) -> f64 {
        (self.rows as f64).ln() * self.fitted_numbers as f64 - 2.0 * self.log_likelihood
    }

    /// The kinds of Fisher information whose standard errors these are.
    fn information(&self) -> &'static [&'static str] {
        let has_errors = self.parameters.iter().any(|p| p.std_error.is_finite());
        match (has_errors, self.information_is_expected) {
            (false, _) => &[],
            (true, true) => &["observed", "expected"],
            (true, false) => &["observed"],
        }
    }

    /// Tells it.
    pub fn answer(self, format: Report) -> Answer {
        match format {
            Report::Json => Answer {
                unreached: self.unreached,
                ..Answer::json(&self.object())
            },
            Report::Text => Answer {
                out: self.text(),
                unreached: self.unreached,
                notes: self.notes,
            },
        }
    }

    fn object(&self) -> Object<'_> {
        let descended = self.descended.as_ref();
        let covariance = descended.map_or(&[][..], |d| &d.covariance);
        let head = |what| (self.head.0 == what).then_some(self.head.1.as_str());
        Object {
            log_density: head("log density"),
            distribution: head("distribution"),
            converged: descended.is_none_or(|d| d.converged),
            stop_reason: descended.map_or("closed form", |d| d.stop_reason),
            method: descended.map_or("closed form", |d| &d.method),
            iterations: descended.map_or(0, |d| d.iterations),
            parameters: Parameters(&self.parameters),
            confidence: self.confidence,
            rows: self.rows,
            log_likelihood: Real(self.log_likelihood),
            aic: Real(self.aic()),
            bic: Real(self.bic()),
            information: self.information(),
            verdict: descended.map_or(Some("maximum"), |d| d.verdict),
            covariance: (covariance.iter())
                .map(|row| row.iter().map(|&x| Real(x)).collect())
                .collect(),
            notes: &self.notes,
        }
    }

    fn text(&self) -> String {
        let percent = percent(self.confidence);
        let mut lines = vec![vec![
            "parameter".to_owned(),
            "value".to_owned(),
            "std. error".to_owned(),
            format!("{percent} % from"),
            "to".to_owned(),
        ]];
        for p in &self.parameters {
            lines.push(vec![
                p.name.clone(),
                digits(p.value, interval_digits(p.interval, 10)),
                digits(p.std_error, 5),
                digits(p.interval.0, interval_digits(p.interval, 6)),
                digits(p.interval.1, interval_digits(p.interval, 6)),
            ]);
        }
        let line = |label: &str, text: String| (label.to_owned(), text);
        let mut below = vec![
            line("rows", self.rows.to_string()),
            line("log-likelihood", digits(self.log_likelihood, 10)),
            line(
                "AIC, BIC",
                format!("{}, {}", digits(self.aic(), 7), digits(self.bic(), 7)),
            ),
        ];
        match self.information() {
            [] => {}
            kinds => below.push(line("Fisher information", kinds.join(", the same as "))),
        }
        match &self.descended {
            None => below.push(line("found", "in closed form".to_owned())),
            Some(descended) => {
                let steps = match descended.iterations {
                    1 => "1 step".to_owned(),
                    n => format!("{n} steps"),
                };
                below.push(line("method", descended.method.clone()));
                below.push(line(
                    "stopped",
                    format!("{}, after {steps}", descended.stop_reason),
                ));
                if let Some(verdict) = descended.verdict {
                    below.push(line("verdict", verdict.to_owned()));
                }
                if !descended.converged {
                    below.push(line("converged", "no".to_owned()));
                }
            }
        }
        format!(
            "{} = {}\n\n{}\n{}\n",
            self.head.0,
            self.head.1,
            matrix::table(&lines),
            matrix::labelled(below)
        )
    }
}
