//! What `gradus fit` prints.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::predict::{self, Predicted};
use crate::cli::failure::Failure;
use crate::cli::matrix;
use crate::cli::value::{Real, digits, interval_digits, number, percent};
use crate::convenience::Reading;
use crate::fit::Fit;
use crate::syntax::print;

/// A fit with all that is needed to report it.
pub struct Report<'a> {
    /// The model as text.
    pub model: &'a str,
    /// The names of the parameters.
    pub names: &'a [String],
    /// What was found.
    pub fit: &'a Fit,
    /// The probability of the intervals.
    pub confidence: f64,
    /// Parameters that were not fitted, as they were given.
    pub fixed: &'a [(&'a str, &'a str)],
    /// The profile intervals of the parameters, if they were asked for.
    pub profiles: &'a [(f64, f64)],
    /// What the fit says at points that were asked for.
    pub predictions: &'a [Predicted<'a>],
    /// Remarks.
    pub notes: &'a [String],
}

/// The JSON object of the command.
#[derive(Serialize)]
pub struct Object<'a> {
    model: &'a str,
    converged: bool,
    stop_reason: &'a str,
    iterations: u64,
    evaluations: u64,
    parameters: Parameters<'a>,
    confidence: f64,
    residual_sum_of_squares: Real,
    residual_std_error: Real,
    degrees_of_freedom: u64,
    r_squared: Real,
    r_squared_is_centred: bool,
    adjusted_r_squared: Real,
    aic: Real,
    bic: Real,
    rows: u64,
    rank: usize,
    condition: Real,
    polished: bool,
    covariance: Vec<Vec<Real>>,
    correlation: Vec<Vec<Real>>,
    #[serde(skip_serializing_if = "<[Predicted<'_>]>::is_empty")]
    predictions: &'a [Predicted<'a>],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct Parameter {
    value: Real,
    std_error: Real,
    lower: Real,
    upper: Real,
    p_value: Real,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<[Real; 2]>,
}

/// The parameters by name, in their order.
struct Parameters<'a>(&'a Report<'a>);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Report {
            names,
            fit,
            confidence,
            profiles,
            ..
        } = self.0;
        let mut map = serializer.serialize_map(Some(names.len()))?;
        for (k, name) in names.iter().enumerate() {
            let (lower, upper) = fit.interval(k, *confidence);
            let parameter = Parameter {
                value: Real(fit.parameters[k]),
                std_error: Real(fit.std_error(k)),
                lower: Real(lower),
                upper: Real(upper),
                p_value: Real(fit.p_value(k)),
                profile: profiles.get(k).map(|&(low, high)| [Real(low), Real(high)]),
            };
            map.serialize_entry(name, &parameter)?;
        }
        map.end()
    }
}

impl<'a> Report<'a> {
    /// For machines.
    pub fn json(&'a self) -> Object<'a> {
        let fit = self.fit;
        let n = self.names.len();
        let square = |entry: &dyn Fn(usize, usize) -> f64| {
            (0..n)
                .map(|a| (0..n).map(|b| Real(entry(a, b))).collect())
                .collect()
        };
        Object {
            model: self.model,
            converged: fit.converged(),
            stop_reason: fit.ended.as_str(),
            iterations: fit.iterations,
            evaluations: fit.evaluations,
            parameters: Parameters(self),
            confidence: self.confidence,
            residual_sum_of_squares: Real(fit.residual_sum_of_squares),
            residual_std_error: Real(fit.residual_std_error()),
            degrees_of_freedom: fit.degrees_of_freedom(),
            r_squared: Real(fit.r_squared()),
            r_squared_is_centred: fit.is_centred(),
            adjusted_r_squared: Real(fit.adjusted_r_squared()),
            aic: Real(fit.aic()),
            bic: Real(fit.bic()),
            rows: fit.rows,
            rank: fit.rank,
            condition: Real(fit.condition),
            polished: fit.polished,
            covariance: square(&|a, b| fit.covariance(a, b)),
            correlation: square(&|a, b| fit.correlation(a, b)),
            predictions: self.predictions,
            notes: self.notes,
        }
    }

    /// For people.
    pub fn text(&self) -> String {
        let fit = self.fit;
        let percent = percent(self.confidence);
        let mut lines = vec![vec![
            "parameter".to_owned(),
            "value".to_owned(),
            "std. error".to_owned(),
            match self.profiles.is_empty() {
                true => format!("{percent} % from"),
                false => format!("{percent} % profile from"),
            },
            "to".to_owned(),
        ]];
        for (k, name) in self.names.iter().enumerate() {
            let interval = fit.interval(k, self.confidence);
            let (lower, upper) = self.profiles.get(k).copied().unwrap_or(interval);
            lines.push(vec![
                name.clone(),
                digits(fit.parameters[k], interval_digits((lower, upper), 11)),
                digits(fit.std_error(k), 6),
                digits(lower, interval_digits((lower, upper), 7)),
                digits(upper, interval_digits((lower, upper), 7)),
            ]);
        }
        for (name, value) in self.fixed {
            lines.push(vec![
                (*name).to_owned(),
                value.trim().to_owned(),
                "fixed".to_owned(),
            ]);
        }
        let line = |label: &str, text: String| (label.to_owned(), text);
        let r_squared = match fit.is_centred() {
            true => digits(fit.r_squared(), 10),
            false => format!(
                "{} (from 0, not from the mean)",
                digits(fit.r_squared(), 10)
            ),
        };
        let steps = match fit.iterations {
            1 => "1 step".to_owned(),
            n => format!("{n} steps"),
        };
        let mut below = vec![
            line("rows", fit.rows.to_string()),
            line("degrees of freedom", fit.degrees_of_freedom().to_string()),
            line(
                "residual sum of squares",
                digits(fit.residual_sum_of_squares, 11),
            ),
            line("residual std. error", digits(fit.residual_std_error(), 8)),
            line("R^2", r_squared),
            line("adjusted R^2", digits(fit.adjusted_r_squared(), 10)),
            line(
                "AIC, BIC",
                format!("{}, {}", digits(fit.aic(), 7), digits(fit.bic(), 7)),
            ),
            line("condition", digits(fit.condition, 3)),
            line("stopped", format!("{}, after {steps}", fit.ended.as_str())),
        ];
        if !fit.converged() {
            below.push(line("converged", "no".to_owned()));
        }
        format!(
            "{}\n\n{}\n{}\n{}",
            self.model,
            matrix::table(&lines),
            matrix::labelled(below),
            predict::text(self.predictions, self.confidence)
        )
    }
}

/// The model as gradus reads it.
pub fn model_text(reading: &Reading) -> Result<String, Failure> {
    let left = print::text(&reading.arena, reading.response)?;
    let right = print::text(&reading.arena, reading.value)?;
    Ok(format!("{left} = {right}"))
}

/// What should be known of a fit before it is believed.
pub fn warnings(fit: &Fit, names: &[String]) -> Vec<String> {
    let listed = |which: &[usize]| {
        let list: Vec<String> = which.iter().map(|&k| format!("`{}`", names[k])).collect();
        list.join(", ")
    };
    let mut notes = Vec::new();
    if fit.restarted {
        notes.push(
            "the search from the start ended nowhere; this fit is from another one".to_owned(),
        );
    }
    let mut sets = fit.undetermined.clone();
    sets.sort();
    sets.dedup();
    for set in &sets {
        notes.push(match &set[..] {
            [one] => format!("the data do not determine `{}`: it changes no value of the model", names[*one]),
            several => format!(
                "the data do not determine {} one by one: their columns are combinations of each other, and the values \
                 shown one choice of many that fit alike",
                listed(several)
            ),
        });
    }
    if !fit.entangled.is_empty() {
        notes.push(format!(
            "the parameters {} are nearly collinear (condition {}): small changes of the data change them much",
            listed(&fit.entangled),
            digits(fit.condition, 2)
        ));
    }
    for &k in &fit.at_bound {
        notes.push(format!(
            "`{}` ended at its bound {}: it has no standard error, and the others are for that value",
            names[k],
            number(fit.parameters[k])
        ));
    }
    if fit.degrees_of_freedom() == 0 {
        notes
            .push("as many parameters as rows: the residuals tell nothing about errors".to_owned());
    }
    notes
}
