//! Histograms, with curves over them.

use super::figure::{Axis, Dash, Figure, Layer, Panel, PlotError, Scale};
use super::{Color, range};

/// A histogram.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// What is counted: the label below.
    pub x: String,
    /// The edges of the bins, one more than there are bins, in rising order.
    pub edges: Vec<f64>,
    /// The height of each bar: a density, so that all bars together have the area 1.
    pub heights: Vec<f64>,
    /// Curves over it, each with its entry in the legend.
    pub curves: Vec<(String, Vec<(f64, f64)>)>,
}

/// Panels beside each other, of several.
const ACROSS: usize = 2;

/// Draws histograms, one filling the picture, several two by two.
///
/// # Errors
/// [`PlotError::Empty`] if there is none, or one has no bar above 0.
pub fn histograms(title: &str, histograms: &[Histogram]) -> Result<Figure, PlotError> {
    let count = histograms.len();
    let (across, down) = match count {
        0 => return Err(PlotError::Empty),
        1 => (1, 1),
        _ => (ACROSS, count.div_ceil(ACROSS)),
    };
    let part = |k: usize, of: usize| k as f64 / of as f64;
    let mut panels = Vec::with_capacity(count);
    for (k, histogram) in histograms.iter().enumerate() {
        let (column, row) = (k % across, k / across);
        let mut panel = panel_of(histogram)?;
        panel.place = [
            part(column, across),
            part(row, down),
            part(column + 1, across),
            part(row + 1, down),
        ];
        if k > 0 {
            // The legend of the first one is that of all.
            for layer in &mut panel.layers {
                if let Layer::Line { name, .. } = layer {
                    *name = None;
                }
            }
        }
        panels.push(panel);
    }
    Ok(Figure {
        title: title.to_owned(),
        panels,
    })
}

fn panel_of(histogram: &Histogram) -> Result<Panel, PlotError> {
    let Histogram {
        x,
        edges,
        heights,
        curves,
    } = histogram;
    let places = edges
        .iter()
        .chain(curves.iter().flat_map(|c| c.1.iter().map(|p| &p.0)));
    let wide = range::extent(places.copied()).ok_or(PlotError::Empty)?;
    let tall = heights
        .iter()
        .chain(curves.iter().flat_map(|c| c.1.iter().map(|p| &p.1)));
    let (_, highest) = range::extent(tall.copied()).ok_or(PlotError::Empty)?;
    if highest <= 0.0 {
        return Err(PlotError::Empty);
    }
    /// Room above the highest bar.
    const ABOVE: f64 = 1.08;
    let mut panel = Panel::new(
        Axis::new(x, wide, Scale::Linear),
        Axis::new("", (0.0, ABOVE * highest), Scale::Linear),
    );
    let bars: Vec<(f64, f64, f64)> = (edges.windows(2).zip(heights))
        .map(|(ends, &height)| (ends[0], ends[1], height))
        .filter(|bar| bar.2 > 0.0)
        .collect();
    let loops = bars.iter();
    panel.layers.push(Layer::Fill {
        loops: loops
            .map(|&(a, b, h)| vec![(a, 0.0), (a, h), (b, h), (b, 0.0)])
            .collect(),
        color: Color(0xbf, 0xd9, 0xea),
    });
    panel.layers.push(Layer::Line {
        runs: (bars.iter())
            .map(|&(a, b, h)| vec![(a, 0.0), (a, h), (b, h), (b, 0.0)])
            .collect(),
        color: Color::of_series(0),
        dash: Dash::Solid,
        width: 0.8,
        edged: false,
        name: None,
    });
    for (k, (name, points)) in curves.iter().enumerate() {
        panel.layers.push(Layer::Line {
            runs: vec![points.clone()],
            color: Color::of_series(1 + k),
            dash: Dash::Solid,
            width: 2.0,
            edged: false,
            name: Some(name.clone()),
        });
    }
    Ok(panel)
}
