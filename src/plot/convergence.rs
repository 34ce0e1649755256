//! How far estimates are off, by the number of points they are made of.

use super::figure::{Axis, Dash, Figure, Layer, Mark, Panel, PlotError, Scale};
use super::{Color, range};

/// The errors of a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// Its entry in the legend.
    pub name: String,
    /// Number of points, error.
    pub points: Vec<(f64, f64)>,
}

/// Draws errors against numbers of points, both by their logarithms, so that a power of the number is a straight line;
/// `law`, in words and with its factor c, is c/sqrt(n).
///
/// # Errors
/// [`PlotError::Empty`] if no error is a finite number above 0.
pub fn convergence(
    title: &str,
    methods: &[Errors],
    law: Option<(&str, f64)>,
) -> Result<Figure, PlotError> {
    let all = || methods.iter().flat_map(|m| m.points.iter());
    let positive = |x: &f64| *x > 0.0;
    let n = range::extent(all().map(|p| p.0).filter(positive)).ok_or(PlotError::Empty)?;
    let law = law.filter(|(_, factor)| *factor > 0.0);
    let lawful: Vec<(f64, f64)> = (law.iter())
        .flat_map(|(_, factor)| [n.0, n.1].map(|n| (n, factor / n.sqrt())))
        .collect();
    let errors = all().chain(&lawful).map(|p| p.1).filter(positive);
    let errors = range::extent(errors).ok_or(PlotError::Empty)?;
    if !all().any(|p| p.1 > 0.0) {
        return Err(PlotError::Empty);
    }
    let mut panel = Panel::new(
        Axis::new("points", range::with_margin(n, Scale::Log), Scale::Log),
        Axis::new("error", range::with_margin(errors, Scale::Log), Scale::Log),
    );
    if let Some((name, _)) = law {
        panel.layers.push(Layer::Line {
            runs: vec![lawful],
            color: Color::GRAY,
            dash: Dash::Dashed,
            width: 1.6,
            edged: false,
            name: Some(name.to_owned()),
        });
    }
    for (k, method) in methods.iter().enumerate() {
        let color = Color::of_series(k);
        panel.layers.push(Layer::Line {
            runs: vec![method.points.clone()],
            color,
            dash: Dash::Solid,
            width: 1.8,
            edged: false,
            name: Some(method.name.clone()),
        });
        panel.layers.push(Layer::Points {
            points: method.points.clone(),
            color,
            mark: Mark::Dot,
            name: None,
        });
    }
    Ok(Figure {
        title: title.to_owned(),
        panels: vec![panel],
    })
}
