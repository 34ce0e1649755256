//! The picture of `--plot`: data, curve, bands and residuals; with several columns, measured against fitted values.

use super::report;
use crate::cli::args::FitArgs;
use crate::cli::failure::Failure;
use crate::cli::picture::Picture;
use crate::cli::typeset;
use crate::convenience::Reading;
use crate::fit::{Data, Fit, Model, fitted_values};
use crate::plot::{self, Fitted};
use crate::syntax::print;

/// The place that was asked for, if any. A file that cannot be written is refused here, before the work.
pub fn open(args: &FitArgs) -> Result<Option<Picture>, Failure> {
    let Some(plot) = &args.picture.plot else {
        return Ok(None);
    };
    let size = args.picture.size.as_deref();
    Picture::open("--plot", Some(plot), size, args.format).map(Some)
}

/// Draws the fit. What comes back is for standard output, or a remark why there is no picture.
pub fn draw(
    place: Picture,
    model: &Model,
    data: &Data<'_>,
    fit: &Fit,
    reading: &Reading,
    confidence: f64,
) -> Result<Result<String, String>, Failure> {
    let title = typeset::typeset(&report::model_text(reading)?);
    let response = typeset::typeset(&print::text(&reading.arena, reading.response)?);
    let fitted = fitted_values(model, data, &fit.parameters);
    let mut values = |x: &[f64], y: &mut [f64]| {
        let columns = [x];
        let nothing = vec![0.0; x.len()];
        let at = Data::new(&columns, &nothing);
        y.copy_from_slice(&fitted_values(model, &at, &fit.parameters));
    };
    let quantile = fit.quantile(confidence);
    // Where a new observation will lie depends on its weight, which nobody knows between the rows.
    let unweighted = data.weights.is_none();
    let mut widths = |x: &[f64], narrow: &mut [f64], wide: &mut [f64]| {
        for (k, &x) in x.iter().enumerate() {
            let found = fit.predict(model, &[x]);
            narrow[k] = quantile * found.std_error;
            wide[k] = match unweighted {
                true => quantile * found.observation_std_error,
                false => f64::NAN,
            };
        }
    };
    // Without a standard error of every parameter there is none of the curve.
    let known = (0..fit.parameters.len()).all(|k| fit.std_error(k).is_finite());
    let model = match data.columns {
        [at] => Fitted::Curve {
            x: typeset::name(reading.arena.symbol_name(reading.columns[0])),
            at,
            values: &mut values,
            bands: match known {
                true => Some((percent(confidence), &mut widths)),
                false => None,
            },
        },
        _ => Fitted::Values,
    };
    let picture = plot::Fit {
        y: response,
        observed: data.response,
        fitted: &fitted,
        model,
    };
    match plot::fit(&title, picture) {
        Ok(figure) => place.write(&figure).map(Ok),
        Err(error) => Ok(Err(format!("no picture: {error}"))),
    }
}

/// `95 %`
fn percent(confidence: f64) -> String {
    let text = format!("{:.4}", 100.0 * confidence);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}
