//! Data with the curve that was fitted to them, and what is left over.

use super::curves::{self, Curves, Function};
use super::figure::{Axis, Dash, Figure, Layer, Mark, Panel, PlotError, Scale};
use super::{Color, range, sample};

/// Writes half the width of the band of confidence, and of that of prediction, at each place.
pub type Widths<'a> = dyn FnMut(&[f64], &mut [f64], &mut [f64]) + 'a;

/// Places at which the edges of bands are computed.
const BAND_PLACES: usize = 301;

/// The colour of the fitted curve.
const CURVE: Color = Color(0xd5, 0x5e, 0x00);

/// Data and a fit.
pub struct Fit<'a> {
    /// What was measured: the label of the vertical axis.
    pub y: String,
    /// The measured values.
    pub observed: &'a [f64],
    /// The values of the fitted model at the same places.
    pub fitted: &'a [f64],
    /// What is known of the model between them.
    pub model: Fitted<'a>,
}

/// A fitted model.
pub enum Fitted<'a> {
    /// Of one predictor.
    Curve {
        /// The name of the predictor.
        x: String,
        /// Its values, as many as were measured.
        at: &'a [f64],
        /// The model as a function.
        values: &'a mut sample::Values<'a>,
        /// How certain it is, in words such as `95 %`, and by how much.
        bands: Option<(String, &'a mut Widths<'a>)>,
    },
    /// Of several predictors: what was measured is set against what was fitted.
    Values,
}

/// Draws a fit. With one predictor: data, curve, bands, and residuals below. With more: measured against fitted values, and
/// the residuals beside.
///
/// # Errors
/// [`PlotError::Empty`] if there are no finite data.
///
/// # Panics
/// If there are not as many fitted values, or places, as observed ones.
pub fn fit(title: &str, fit: Fit<'_>) -> Result<Figure, PlotError> {
    let Fit {
        y,
        observed,
        fitted,
        model,
    } = fit;
    assert_eq!(
        observed.len(),
        fitted.len(),
        "a fitted value an observation"
    );
    let residuals: Vec<f64> = observed.iter().zip(fitted).map(|(y, f)| y - f).collect();
    let panels = match model {
        Fitted::Curve {
            x,
            at,
            values,
            bands,
        } => {
            assert_eq!(observed.len(), at.len(), "a place an observation");
            on_curve((&x, &y), at, observed, &residuals, values, bands)?
        }
        Fitted::Values => against(&y, observed, fitted, &residuals)?,
    };
    Ok(Figure {
        title: title.to_owned(),
        panels,
    })
}

fn points(x: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
    x.iter().copied().zip(y.iter().copied()).collect()
}

fn dots(points: Vec<(f64, f64)>, name: Option<&str>) -> Layer {
    Layer::Points {
        points,
        color: Color::of_series(0),
        mark: Mark::Dot,
        name: name.map(str::to_owned),
    }
}

fn on_curve(
    (x_name, y_name): (&str, &str),
    at: &[f64],
    observed: &[f64],
    residuals: &[f64],
    values: &mut sample::Values<'_>,
    bands: Option<(String, &mut Widths<'_>)>,
) -> Result<Vec<Panel>, PlotError> {
    let x = range::extent(at.iter().copied()).ok_or(PlotError::Empty)?;
    let x = range::with_margin(x, Scale::Linear);
    let edges = bands.map(|(name, widths)| {
        let places: Vec<f64> = (0..BAND_PLACES)
            .map(|k| x.0 + (x.1 - x.0) * k as f64 / (BAND_PLACES - 1) as f64)
            .collect();
        let mut middle = vec![0.0; BAND_PLACES];
        let (mut confidence, mut prediction) = (middle.clone(), middle.clone());
        values(&places, &mut middle);
        widths(&places, &mut confidence, &mut prediction);
        let band = |half: &[f64]| -> Vec<(f64, f64, f64)> {
            (places.iter().zip(&middle).zip(half))
                .map(|((&x, &y), &half)| (x, y - half, y + half))
                .collect()
        };
        (name, band(&confidence), band(&prediction))
    });
    let mut functions = [Function {
        name: "fit".into(),
        values: &mut |x: &[f64], y: &mut [f64]| values(x, y),
    }];
    let how = Curves {
        y: y_name.to_owned(),
        ..Curves::default()
    };
    let mut panel = curves::panel_of(&mut functions, x, &how)?;
    // The data decide what is seen; the curve may run off beyond them.
    let data = range::extent(observed.iter().copied()).ok_or(PlotError::Empty)?;
    let room = 0.5 * (data.1 - data.0);
    let reached = range::extent(
        panel
            .layers
            .iter()
            .flat_map(|layer| match layer {
                Layer::Line { runs, .. } => runs.concat(),
                _ => Vec::new(),
            })
            .map(|p| p.1),
    );
    let mut low = data.0;
    let mut high = data.1;
    for value in [
        reached,
        (edges.as_ref()).and_then(|(_, _, band)| range::extent(band.iter().map(|edge| edge.1))),
        (edges.as_ref()).and_then(|(_, _, band)| range::extent(band.iter().map(|edge| edge.2))),
    ]
    .into_iter()
    .flatten()
    .flat_map(|(a, b)| [a, b])
    {
        low = low.min(value.max(data.0 - room));
        high = high.max(value.min(data.1 + room));
    }
    panel.y = Axis::new(
        y_name,
        range::with_margin((low, high), Scale::Linear),
        Scale::Linear,
    );
    panel.x.numbered = false;
    for layer in &mut panel.layers {
        if let Layer::Line { color, .. } = layer {
            *color = CURVE;
        }
    }
    if let Some((name, confidence, prediction)) = edges {
        let band = |edges: Vec<(f64, f64, f64)>, opacity: f64, what: &str| Layer::Band {
            edges,
            color: CURVE,
            opacity,
            name: Some(format!("{name} {what}")),
        };
        let seen = |edges: &[(f64, f64, f64)]| edges.iter().any(|(_, a, b)| (b - a).is_finite());
        let mut below = Vec::new();
        if seen(&prediction) {
            below.push(band(prediction, 0.13, "prediction"));
        }
        if seen(&confidence) {
            below.push(band(confidence, 0.30, "confidence"));
        }
        panel.layers.splice(0..0, below);
    }
    panel.layers.push(dots(points(at, observed), Some("data")));
    panel.place = [0.0, 0.0, 1.0, 0.68];
    let mut below = residual_panel(points(at, residuals), Axis::new(x_name, x, Scale::Linear));
    below.place = [0.0, 0.68, 1.0, 1.0];
    Ok(vec![panel, below])
}

fn residual_panel(points: Vec<(f64, f64)>, x: Axis) -> Panel {
    let size = range::extent(points.iter().map(|p| p.1.abs())).map_or(0.0, |(_, high)| high);
    // A perfect fit has residuals of 0: the line is drawn in the middle of something.
    let size = if size > 0.0 { 1.1 * size } else { 1.0 };
    let y = Axis::new("residual", (-size, size), Scale::Linear);
    let mut panel = Panel::new(x, y);
    panel.layers = vec![Layer::Level(0.0), dots(points, None)];
    panel
}

fn against(
    y: &str,
    observed: &[f64],
    fitted: &[f64],
    residuals: &[f64],
) -> Result<Vec<Panel>, PlotError> {
    let all = observed.iter().chain(fitted).copied();
    let both = range::extent(all).ok_or(PlotError::Empty)?;
    let both = range::with_margin(both, Scale::Linear);
    let mut left = Panel::new(
        Axis::new(format!("{y}, fitted"), both, Scale::Linear),
        Axis::new(format!("{y}, observed"), both, Scale::Linear),
    );
    left.layers = vec![
        Layer::Line {
            runs: vec![vec![(both.0, both.0), (both.1, both.1)]],
            color: CURVE,
            dash: Dash::Dashed,
            width: 1.5,
            edged: false,
            name: Some("fitted = observed".into()),
        },
        dots(points(fitted, observed), Some("data")),
    ];
    left.place = [0.0, 0.0, 0.5, 1.0];
    let x = Axis::new(format!("{y}, fitted"), both, Scale::Linear);
    let mut right = residual_panel(points(fitted, residuals), x);
    right.place = [0.5, 0.0, 1.0, 1.0];
    Ok(vec![left, right])
}
