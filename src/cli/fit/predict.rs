//! `--predict`: what the fitted model says at points of its columns, and how sure that is.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::cli::failure::Failure;
use crate::cli::matrix;
use crate::cli::names;
use crate::cli::value::{Real, digits, interval_digits, number, percent};
use crate::fit::{Fit, Model, Prediction};
use crate::syntax::did_you_mean;

/// The points of `--predict`, a number for each column of the model.
pub struct Points {
    columns: Vec<String>,
    points: Vec<Vec<f64>>,
}

impl Points {
    /// Reads `x=1,z=2`, one point each time.
    pub fn read(given: &[String], columns: Vec<String>) -> Result<Points, Failure> {
        let points = given.iter().map(|text| point(text, &columns));
        Ok(Points {
            points: points.collect::<Result<_, _>>()?,
            columns,
        })
    }

    /// What the fit says there.
    pub fn predictions<'a>(
        &'a self,
        model: &Model,
        fit: &Fit,
        confidence: f64,
    ) -> Vec<Predicted<'a>> {
        let quantile = fit.quantile(confidence);
        (self.points.iter())
            .map(|point| Predicted {
                columns: &self.columns,
                point,
                quantile,
                found: fit.predict(model, point),
            })
            .collect()
    }
}

fn point(text: &String, columns: &[String]) -> Result<Vec<f64>, Failure> {
    let bad = |message: String| Failure::new("bad_option", format!("--predict {text}: {message}"));
    let given = names::values(std::slice::from_ref(text), "--predict")?;
    let listed = columns.join(", ");
    if let Some((name, _)) = given.iter().find(|(name, _)| !columns.contains(name)) {
        let hint = match did_you_mean(name, columns.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its columns are {listed}"),
        };
        return Err(bad(format!("`{name}` is no column of the model")).with_hint(hint));
    }
    (columns.iter())
        .map(
            |column| match given.iter().find(|(name, _)| name == column) {
                Some((name, value)) => match (*value).real(name, "--predict")? {
                    x if x.is_finite() => Ok(x),
                    x => Err(bad(format!("{} is no number", number(x)))),
                },
                None => Err(bad(format!("a value of `{column}` is missing"))
                    .with_hint(format!("give all the columns of the model: {listed}"))),
            },
        )
        .collect()
}

/// A point and what the fit says there.
pub struct Predicted<'a> {
    columns: &'a [String],
    point: &'a [f64],
    quantile: f64,
    found: Prediction,
}

impl Predicted<'_> {
    /// Where the curve lies.
    fn curve(&self) -> (f64, f64) {
        self.around(self.found.std_error)
    }

    /// Where a new observation of weight 1 will lie.
    fn observation(&self) -> (f64, f64) {
        self.around(self.found.observation_std_error)
    }

    fn around(&self, error: f64) -> (f64, f64) {
        let half = self.quantile * error;
        (self.found.value - half, self.found.value + half)
    }
}

impl Serialize for Predicted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at: std::collections::BTreeMap<&str, Real> = (self.columns.iter().zip(self.point))
            .map(|(name, x)| (name.as_str(), Real(*x)))
            .collect();
        let pair = |(low, high)| [Real(low), Real(high)];
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("at", &at)?;
        map.serialize_entry("value", &Real(self.found.value))?;
        map.serialize_entry("std_error", &Real(self.found.std_error))?;
        map.serialize_entry("interval", &pair(self.curve()))?;
        map.serialize_entry("observation", &pair(self.observation()))?;
        map.end()
    }
}

/// For people; nothing where nothing was asked for.
pub fn text(predictions: &[Predicted<'_>], confidence: f64) -> String {
    let Some(first) = predictions.first() else {
        return String::new();
    };
    let percent = percent(confidence);
    let mut head = first.columns.to_vec();
    head.extend([
        "predicted".to_owned(),
        "std. error".to_owned(),
        format!("{percent} % from"),
        "to".to_owned(),
        "observation from".to_owned(),
        "to".to_owned(),
    ]);
    let mut lines = vec![head];
    for predicted in predictions {
        let (low, high) = predicted.curve();
        let (least, largest) = predicted.observation();
        let mut line: Vec<String> = predicted.point.iter().map(|&x| number(x)).collect();
        line.extend([
            digits(predicted.found.value, interval_digits((low, high), 10)),
            digits(predicted.found.std_error, 6),
            digits(low, interval_digits((low, high), 7)),
            digits(high, interval_digits((low, high), 7)),
            digits(least, interval_digits((least, largest), 7)),
            digits(largest, interval_digits((least, largest), 7)),
        ]);
        lines.push(line);
    }
    format!("\n{}\n", matrix::table(&lines))
}
