//! Functions of two variables, as a map with lines of equal height.

use super::Color;
use super::contour::{self, Grid};
use super::curves::check;
use super::figure::{Axis, Dash, Figure, Layer, Panel, PlotError, Scale};
use super::levels::{self, Levels};

/// Columns of the grid on which heights are found. A peak or a hole narrower than a column may be missed.
const COLUMNS: usize = 360;

/// Its rows.
const ROWS: usize = 270;

/// Arrows of a gradient, from left to right.
const ARROWS: usize = 20;

/// Writes the derivatives by x and by y at each place.
pub type Slopes<'a> = dyn FnMut(&[f64], &[f64], &mut [f64], &mut [f64]) + 'a;

/// What a map is like.
#[derive(Default)]
pub struct Landscape<'a> {
    /// The label of the horizontal axis.
    pub x: String,
    /// The label of the vertical axis.
    pub y: String,
    /// The derivatives, where they are to be seen as arrows. Their lengths grow with the cube root of the slope: else
    /// nothing would be seen of them where it is flat.
    pub gradient: Option<&'a mut Slopes<'a>>,
    /// The lowest height that is known, as that of the minimum of a descent: lines around it are chosen to show it.
    pub lowest: Option<f64>,
}

/// Draws a function of x and y over a rectangle.
///
/// Levels are at even distances, or, where most of the map lies near its bottom or its top, at distances that grow
/// tenfold; colours are darker where it is lower. The map is white where the function has no value.
///
/// # Errors
/// [`PlotError::Interval`]; [`PlotError::Empty`] if there is no finite value.
pub fn landscape(
    title: &str,
    function: &mut contour::Values<'_>,
    x: (f64, f64),
    y: (f64, f64),
    how: &mut Landscape<'_>,
) -> Result<Figure, PlotError> {
    Ok(Figure {
        title: title.to_owned(),
        panels: vec![panel_of(function, x, y, how)?],
    })
}

/// The panel of [`landscape`], for pictures that have more to show.
pub(super) fn panel_of(
    function: &mut contour::Values<'_>,
    x: (f64, f64),
    y: (f64, f64),
    how: &mut Landscape<'_>,
) -> Result<Panel, PlotError> {
    check(x, Scale::Linear)?;
    check(y, Scale::Linear)?;
    let grid = Grid::new(function, even(x, COLUMNS), even(y, ROWS));
    if !grid.values.iter().any(|v| v.is_finite()) {
        return Err(PlotError::Empty);
    }
    let mut panel = Panel::new(
        Axis::new(&how.x, x, Scale::Linear),
        Axis::new(&how.y, y, Scale::Linear),
    );
    let Levels { bottom, levels } = levels::levels(&grid.values, how.lowest);
    let color = |k: usize| Color::of_height(k as f64 / levels.len().max(1) as f64);
    let mut lines = Vec::new();
    let heights = [f64::NEG_INFINITY]
        .into_iter()
        .chain(levels.iter().copied());
    for (k, level) in heights.enumerate() {
        let found = contour::contour(&grid, level, function);
        panel.layers.push(Layer::Fill {
            loops: found.areas,
            color: color(k),
        });
        panel.bar.push((level.max(bottom), color(k)));
        lines.extend(found.lines);
    }
    panel.layers.push(Layer::Line {
        runs: lines,
        color: Color(0x3c, 0x50, 0x6e),
        dash: Dash::Solid,
        width: 0.7,
        edged: false,
        name: None,
    });
    if let Some(gradient) = &mut how.gradient {
        panel.layers.push(arrows(&mut **gradient, x, y));
    }
    Ok(panel)
}

/// Numbers at even distances, both ends among them.
fn even((low, high): (f64, f64), count: usize) -> Vec<f64> {
    (0..count)
        .map(|k| {
            let t = k as f64 / (count - 1) as f64;
            low * (1.0 - t) + high * t
        })
        .collect()
}

fn arrows(gradient: &mut Slopes<'_>, x: (f64, f64), y: (f64, f64)) -> Layer {
    // In the middle of even cells, so that none begins on the edge.
    let middles = |(low, high): (f64, f64), count: usize| -> Vec<f64> {
        (0..count)
            .map(|k| {
                let t = (k as f64 + 0.5) / count as f64;
                low * (1.0 - t) + high * t
            })
            .collect()
    };
    let (columns, rows) = (middles(x, ARROWS), middles(y, ARROWS * 3 / 4));
    let at: Vec<(f64, f64)> = (rows.iter())
        .flat_map(|&y| columns.iter().map(move |&x| (x, y)))
        .collect();
    let (xs, ys): (Vec<f64>, Vec<f64>) = at.iter().copied().unzip();
    let (mut by_x, mut by_y) = (vec![0.0; xs.len()], vec![0.0; xs.len()]);
    gradient(&xs, &ys, &mut by_x, &mut by_y);
    // Slopes are compared in the picture, where a step to the right is a part of the width.
    let (width, height) = (x.1 - x.0, y.1 - y.0);
    let arrows = (at.into_iter().zip(by_x.into_iter().zip(by_y)))
        .filter(|(_, (dx, dy))| dx.is_finite() && dy.is_finite())
        .map(|((x, y), (dx, dy))| {
            let size = (dx / width).hypot(dy / height);
            let shorter = if size > 0.0 {
                size.powf(-2.0 / 3.0)
            } else {
                0.0
            };
            (x, y, dx * shorter, dy * shorter)
        })
        .collect();
    Layer::Arrows {
        arrows,
        color: Color(0xb0, 0x3a, 0x00),
        name: Some("gradient".into()),
    }
}
