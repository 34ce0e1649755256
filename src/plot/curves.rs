//! Functions of one variable.

use super::clip::{self, Rect};
use super::figure::{Axis, Dash, Figure, Layer, Panel, PlotError, Scale};
use super::sample::{self, Sampled, Values};
use super::{Color, range};

/// A function of one variable.
pub struct Function<'a> {
    /// Its entry in the legend.
    pub name: String,
    /// Writes the value at each place; what is not finite is a gap.
    pub values: &'a mut Values<'a>,
}

/// What a picture of curves is like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The label of the horizontal axis.
    pub x: String,
    /// The label of the vertical axis.
    pub y: String,
    /// How x is spread.
    pub x_scale: Scale,
    /// How y is spread; [`Scale::Pi`] is [`Scale::Linear`] here.
    pub y_scale: Scale,
    /// The values that are shown; found from the functions where it is not given.
    pub y_range: Option<(f64, f64)>,
}

/// Draws functions over an interval.
///
/// Each is looked at 2000 times evenly, and more closely where it bends, jumps or ends: what is narrower than a 2000th of
/// the interval may be missed. Poles, jumps and places without value are gaps. Where a function has no bound, the 3 % of
/// all values that are largest and the 3 % that are smallest decide nothing about the range of the picture.
///
/// # Errors
/// [`PlotError::Interval`], [`PlotError::Values`], [`PlotError::Log`]; [`PlotError::Empty`] if no function has a finite
/// value, [`PlotError::NotPositive`] or [`PlotError::Outside`] if none can be seen.
pub fn curves(
    title: &str,
    functions: &mut [Function<'_>],
    interval: (f64, f64),
    how: &Curves,
) -> Result<Figure, PlotError> {
    let mut panel = panel_of(functions, interval, how)?;
    if functions.len() == 1 {
        // One curve has the title for a name.
        for layer in &mut panel.layers {
            if let Layer::Line { name, .. } = layer {
                *name = None;
            }
        }
    }
    Ok(Figure {
        title: title.to_owned(),
        panels: vec![panel],
    })
}

/// The panel of [`curves`], for pictures that have more to show.
pub(super) fn panel_of(
    functions: &mut [Function<'_>],
    interval: (f64, f64),
    how: &Curves,
) -> Result<Panel, PlotError> {
    check(interval, how.x_scale)?;
    if let Some(range) = how.y_range {
        check(range, how.y_scale).map_err(|error| match error {
            PlotError::Interval => PlotError::Values,
            error => error,
        })?;
    }
    let sampled: Vec<Sampled> = (functions.iter_mut())
        .map(|function| look(&mut *function.values, interval, how))
        .collect();
    let finite = |s: &Sampled| s.values.iter().any(|v| v.is_finite());
    if !sampled.iter().any(finite) {
        let linear = Curves {
            y_scale: Scale::Linear,
            ..how.clone()
        };
        let negative = how.y_scale == Scale::Log
            && (functions.iter_mut())
                .any(|function| finite(&look(&mut *function.values, interval, &linear)));
        return Err(match negative {
            true => PlotError::NotPositive,
            false => PlotError::Empty,
        });
    }
    let y_range = match how.y_range {
        Some(range) => range,
        None => shown(&sampled, how.y_scale),
    };
    let mut panel = Panel::new(
        Axis::new(&how.x, interval, how.x_scale),
        Axis::new(&how.y, y_range, how.y_scale),
    );
    for (k, (function, sampled)) in functions.iter().zip(sampled).enumerate() {
        panel.layers.push(Layer::Line {
            runs: sampled.runs,
            color: Color::of_series(k),
            // Seven colours, then the same with broken lines.
            dash: [Dash::Solid, Dash::Dashed, Dash::Dotted][k / 7 % 3],
            width: 2.0,
            edged: false,
            name: Some(function.name.clone()),
        });
    }
    if how.y_range.is_some() && !is_seen(&panel) {
        return Err(PlotError::Outside);
    }
    if how.y_scale != Scale::Log {
        let zero = (panel.y.range.0 < 0.0 && panel.y.range.1 > 0.0).then_some(Layer::Level(0.0));
        panel.layers.splice(0..0, zero);
    }
    Ok(panel)
}

/// Does any line meet the frame?
fn is_seen(panel: &Panel) -> bool {
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: 1.0,
        bottom: 1.0,
    };
    let meets = |run: &[(f64, f64)]| {
        let placed: Vec<(f64, f64)> = (run.iter())
            .map(|(x, y)| (panel.x.part(*x), panel.y.part(*y)))
            .collect();
        placed.iter().any(|&p| whole.contains(p)) || !clip::line(&placed, &whole).is_empty()
    };
    (panel.layers.iter()).any(|layer| match layer {
        Layer::Line { runs, .. } => runs.iter().any(|run| meets(run)),
        _ => false,
    })
}

/// An interval that can be drawn.
pub(super) fn check((low, high): (f64, f64), scale: Scale) -> Result<(), PlotError> {
    if scale == Scale::Log && low <= 0.0 {
        return Err(PlotError::Log);
    }
    match low.is_finite() && high.is_finite() && range::drawable((low, high), scale) == (low, high)
    {
        true if low < high => Ok(()),
        _ => Err(PlotError::Interval),
    }
}

/// Samples a function on the axes of the picture: even distances are even there.
fn look(values: &mut Values<'_>, interval: (f64, f64), how: &Curves) -> Sampled {
    let (log_x, log_y) = (how.x_scale == Scale::Log, how.y_scale == Scale::Log);
    let mut columns = Vec::new();
    let mut on_axes = |x: &[f64], y: &mut [f64]| {
        match log_x {
            true => {
                columns.clear();
                // The ends exactly: 10^log10(3) is not 3, and may lie outside of where the function is defined.
                columns.extend(
                    x.iter()
                        .map(|x| 10f64.powf(*x).clamp(interval.0, interval.1)),
                );
                values(&columns, y);
            }
            false => values(x, y),
        }
        if log_y {
            // Of 0 there is no logarithm: minus infinity would come back as 0.
            (y.iter_mut()).for_each(|y| *y = if *y > 0.0 { y.log10() } else { f64::NAN });
        }
    };
    let ends = match log_x {
        true => (interval.0.log10(), interval.1.log10()),
        false => interval,
    };
    let mut sampled = sample::sample(&mut on_axes, ends);
    let back = |on: bool, x: f64| if on { 10f64.powf(x) } else { x };
    for point in sampled.runs.iter_mut().flatten() {
        *point = (back(log_x, point.0), back(log_y, point.1));
    }
    (sampled.values.iter_mut()).for_each(|y| *y = back(log_y, *y));
    sampled
}

fn shown(sampled: &[Sampled], scale: Scale) -> (f64, f64) {
    let all = || sampled.iter().flat_map(|s| s.values.iter().copied());
    let positive = move |v: &f64| scale != Scale::Log || *v > 0.0;
    let range = match sampled.iter().any(|s| s.unbounded) {
        true => {
            // What has a bound is seen whole beside what has none.
            let bounded = sampled.iter().filter(|s| !s.unbounded);
            let whole = bounded.flat_map(|s| s.values.iter().copied());
            let core = range::without_extremes(all().filter(positive));
            let core = core.into_iter().flat_map(|(low, high)| [low, high]);
            range::extent(core.chain(whole.filter(positive)))
        }
        false => range::extent(all().filter(positive)),
    };
    range::with_margin(range.unwrap_or((0.0, 1.0)), scale)
}
