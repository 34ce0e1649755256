//! The way of a descent: on the curve, or on the map, that it goes down, and how fast it comes near the end.

use super::curves::{self, Curves, Function};
use super::figure::{Axis, Dash, Figure, Layer, Mark, Panel, PlotError, Scale, Size};
use super::landscape::{self, Landscape};
use super::{Color, contour, range, sample, thin};

/// Steps of a path that are kept. Of more, every second one goes, again and again.
pub const MAX_STEPS: usize = 65_536;

/// Steps that are shown with a dot each.
const MAX_DOTS: usize = 200;

/// With fewer pixels from left to right there is no room for a second panel.
const ROOM_FOR_TWO: u32 = 640;

/// The colour of the path on a map.
const PATH: Color = Color(0xd5, 0x5e, 0x00);

/// What is kept of a descent on its way: `keep` it at each step, and `end` it.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// The first two coordinates, of steps that are seen to move.
    points: Vec<(f64, f64)>,
    /// The value, at each of the points.
    heights: Vec<f64>,
    /// Step, value, norm of the gradient.
    rows: Vec<(u64, f64, f64)>,
    /// Every how many steps a row is kept, less one.
    skipped: u64,
    last: Option<(u64, f64, f64)>,
    end: Option<((f64, f64), f64)>,
}

impl Path {
    /// Keeps a step; the start is number 0. Memory stays limited, however many there are.
    pub fn keep(&mut self, number: u64, point: &[f64], value: f64, gradient_norm: f64) {
        let row = (number, value, gradient_norm);
        self.last = Some(row);
        if number.is_multiple_of(self.skipped + 1) {
            self.rows.push(row);
        }
        if self.rows.len() > MAX_STEPS {
            self.skipped = 2 * self.skipped + 1;
            let every = self.skipped + 1;
            self.rows.retain(|row| row.0.is_multiple_of(every));
        }
        self.points.push(place(point));
        self.heights.push(value);
        if self.points.len() > 2 * MAX_STEPS {
            self.forget();
        }
    }

    /// Where it ended, which need not be the last step, and the value there.
    pub fn end(&mut self, point: &[f64], value: f64) {
        self.end = Some((place(point), value));
    }

    /// The steps whose points, compared with all the way so far, have not moved go; and if these are too few, every second.
    fn forget(&mut self) {
        const STILL: f64 = 1.0 / 4000.0;
        let size = |of: fn(&(f64, f64)) -> f64| {
            let (low, high) = range::extent(self.points.iter().map(of)).unwrap_or((0.0, 0.0));
            STILL * (high - low)
        };
        let (dx, dy) = (size(|p| p.0), size(|p| p.1));
        let dz = range::extent(self.heights.iter().copied()).map_or(0.0, |(a, b)| STILL * (b - a));
        let mut kept: Vec<usize> = Vec::new();
        for (k, p) in self.points.iter().enumerate() {
            let still = kept.last().is_some_and(|&last: &usize| {
                let q = self.points[last];
                (p.0 - q.0).abs() <= dx
                    && (p.1 - q.1).abs() <= dy
                    && (self.heights[k] - self.heights[last]).abs() <= dz
            });
            if !still || k + 1 == self.points.len() {
                kept.push(k);
            }
        }
        let kept = thin::every(&kept, MAX_STEPS);
        self.points = kept.iter().map(|&k| self.points[k]).collect();
        self.heights = kept.iter().map(|&k| self.heights[k]).collect();
    }

    /// The points that a picture should hold: of a way that ran off ever faster, only its beginning.
    fn shown(&self) -> &[(f64, f64)] {
        const LEAST: usize = 8;
        let finite = (self.points.iter())
            .position(|p| !(p.0.is_finite() && p.1.is_finite()))
            .unwrap_or(self.points.len());
        let mut points = &self.points[..finite];
        let size = |points: &[(f64, f64)]| {
            let of = |get: fn(&(f64, f64)) -> f64| {
                range::extent(points.iter().map(get)).map_or(0.0, |(low, high)| high - low)
            };
            (of(|p| p.0), of(|p| p.1))
        };
        while points.len() > LEAST {
            let (all, without) = (size(points), size(&points[..points.len() - 1]));
            if without.0 < 0.7 * all.0 || without.1 < 0.7 * all.1 {
                points = &points[..points.len() - 1];
            } else {
                break;
            }
        }
        points
    }
}

fn place(point: &[f64]) -> (f64, f64) {
    let at = |k: usize| point.get(k).copied().unwrap_or(0.0);
    (at(0), at(1))
}

/// What is descended.
pub enum Descent<'a> {
    /// A function of one variable, whose name this is.
    One(String, &'a mut sample::Values<'a>),
    /// A function of two variables.
    Two([String; 2], &'a mut contour::Values<'a>),
    /// Of more: there is no place for its path.
    Many,
}

/// Draws a descent: the function with the path, where it has one or two variables, and beside it, if there is room, how
/// value and gradient went down; of more variables, that alone.
///
/// # Errors
/// [`PlotError::Empty`] if nothing on the way is finite.
pub fn descent(
    title: &str,
    path: &Path,
    descent: Descent<'_>,
    size: Size,
) -> Result<Figure, PlotError> {
    let mut convergence = convergence(path);
    let mut map = match descent {
        Descent::One(name, values) => Some(on_curve(path, name, values)?),
        Descent::Two(names, values) => Some(on_map(path, names, values)?),
        Descent::Many => None,
    };
    let mut panels = Vec::new();
    match (&mut map, &mut convergence) {
        (Some(map), Some(convergence)) => {
            if size.width() >= ROOM_FOR_TWO {
                map.place[2] = 0.62;
                convergence.place[0] = 0.62;
                panels.extend([map.clone(), convergence.clone()]);
            } else {
                panels.push(map.clone());
            }
        }
        (map, convergence) => panels.extend(map.take().into_iter().chain(convergence.take())),
    }
    match panels.is_empty() {
        true => Err(PlotError::Empty),
        false => Ok(Figure {
            title: title.to_owned(),
            panels,
        }),
    }
}

/// How far the picture reaches beyond the path, as part of its width.
const AROUND: f64 = 0.25;

fn interval(values: impl Iterator<Item = f64>, otherwise: f64) -> Result<(f64, f64), PlotError> {
    let (low, high) = range::extent(values).ok_or(PlotError::Empty)?;
    let room = match high - low {
        width if width > 1e-9 * low.abs().max(high.abs()) => AROUND * width,
        _ if otherwise > 0.0 => 0.5 * otherwise,
        _ => low.abs().max(1.0),
    };
    Ok((low - room, high + room))
}

fn on_curve(
    path: &Path,
    name: String,
    values: &mut sample::Values<'_>,
) -> Result<Panel, PlotError> {
    let shown = path.shown();
    let end = path.end.map(|(at, _)| at);
    let x = interval(shown.iter().chain(&end).map(|p| p.0), 0.0)?;
    // The curve is wanted between the points, the range of values as much by the points as by the curve.
    let mut curve = |x: &[f64], y: &mut [f64]| values(x, y);
    let mut functions = [Function {
        name: "function".into(),
        values: &mut curve,
    }];
    let how = Curves {
        x: name,
        y: "value".into(),
        ..Curves::default()
    };
    let mut panel = curves::panel_of(&mut functions, x, &how)?;
    let heights = path.heights[..shown.len()].iter().copied();
    let reached = heights.chain(path.end.map(|(_, value)| value));
    if let Some(reached) = range::extent(reached) {
        let (low, high) = range::with_margin(reached, Scale::Linear);
        panel.y = Axis::new(
            "value",
            (panel.y.range.0.min(low), panel.y.range.1.max(high)),
            Scale::Linear,
        );
    }
    let points: Vec<(f64, f64)> = (path.points.iter().zip(&path.heights))
        .map(|(p, &value)| (p.0, value))
        .collect();
    panel.layers.extend(way(
        &points,
        path.end.map(|(at, value)| (at.0, value)),
        Color::of_series(1),
    ));
    Ok(panel)
}

fn on_map(
    path: &Path,
    [x_name, y_name]: [String; 2],
    values: &mut contour::Values<'_>,
) -> Result<Panel, PlotError> {
    let shown = path.shown();
    let end = path.end.map(|(at, _)| at);
    let all = || shown.iter().chain(&end);
    let width = |values: Vec<f64>| range::extent(values).map_or(0.0, |(a, b)| b - a);
    let x = interval(all().map(|p| p.0), width(all().map(|p| p.1).collect()))?;
    let y = interval(all().map(|p| p.1), width(all().map(|p| p.0).collect()))?;
    let mut how = Landscape {
        x: x_name,
        y: y_name,
        lowest: path.end.map(|(_, value)| value),
        ..Landscape::default()
    };
    let mut panel = landscape::panel_of(values, x, y, &mut how)?;
    panel.layers.extend(way(&path.points, end, PATH));
    Ok(panel)
}

/// The line of the path, its steps, its start and its end.
fn way(points: &[(f64, f64)], end: Option<(f64, f64)>, color: Color) -> Vec<Layer> {
    let few = points.len() <= MAX_DOTS;
    let line = Layer::Line {
        runs: vec![points.to_vec()],
        color,
        dash: Dash::Solid,
        width: if few { 1.2 } else { 1.8 },
        edged: true,
        name: Some("path".into()),
    };
    let marks = |points: Vec<(f64, f64)>, mark: Mark, name: Option<&str>| Layer::Points {
        points,
        color,
        mark,
        name: name.map(str::to_owned),
    };
    let mut layers = vec![line];
    if few {
        layers.push(marks(points.to_vec(), Mark::Dot, None));
    }
    layers.extend(
        points
            .first()
            .map(|&p| marks(vec![p], Mark::Circle, Some("start"))),
    );
    layers.extend(end.map(|p| marks(vec![p], Mark::Star, Some("end"))));
    layers
}

/// Value above the lowest, and gradient, by steps.
fn convergence(path: &Path) -> Option<Panel> {
    let mut rows = path.rows.clone();
    rows.extend(path.last.filter(|last| rows.last() != Some(last)));
    let lowest = (rows.iter().map(|row| row.1))
        .chain(path.end.map(|(_, value)| value))
        .filter(|v| v.is_finite())
        .reduce(f64::min)?;
    let series = |of: &dyn Fn(&(u64, f64, f64)) -> f64| -> Vec<(f64, f64)> {
        (rows.iter())
            .map(|row| (row.0 as f64, of(row)))
            .map(|(x, y)| (x, if y > 0.0 { y } else { f64::NAN }))
            .collect()
    };
    let above = series(&|row| row.1 - lowest);
    let norms = series(&|row| row.2);
    // A run that diverges passes 1e300: what it was like before is what one wants to see, but not at any price.
    let range = range::extent(above.iter().chain(&norms).map(|p| p.1))?;
    let y = range::with_margin(range, Scale::Log);
    let steps = rows.last().map_or(0, |row| row.0).max(1) as f64;
    let x = Axis::new("step", (0.0, steps), Scale::Linear);
    let mut panel = Panel::new(x, Axis::new("", y, Scale::Log));
    for (points, name, number, dash) in [
        (above, "value − lowest", 0, Dash::Solid),
        (norms, "gradient norm", 2, Dash::Dashed),
    ] {
        let color = Color::of_series(number);
        if rows.len() <= 40 {
            panel.layers.push(Layer::Points {
                points: points.clone(),
                color,
                mark: Mark::Dot,
                name: None,
            });
        }
        panel.layers.push(Layer::Line {
            runs: vec![points],
            color,
            dash,
            width: 1.8,
            edged: false,
            name: Some(name.into()),
        });
    }
    Some(panel)
}
