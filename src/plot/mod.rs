//! Pictures: curves, landscapes, descents and fits, as SVG, as PNG and in a terminal.
//!
//! A [`Figure`] says what is to be seen, in the units of the data: panels with axes, and layers in them. It is drawn by
//! [`Figure::svg`], [`Figure::png`] and [`Figure::terminal`]. Figures are composed by [`curves`], [`landscape`], [`descent`],
//! [`fit`], [`convergence`] and [`histograms`], or by hand. What functions are is not known here: they are closures over columns of numbers, and
//! what becomes of the bytes is up to the caller. No text is understood, only measured; no file is touched.
//!
//! ```
//! use gradus::plot::{Curves, Function, Size, curves};
//! let mut slope = |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = 1.0 / x);
//! let figure = curves(
//!     "1/x",
//!     &mut [Function { name: "1/x".into(), values: &mut slope }],
//!     (-3.0, 3.0),
//!     &Curves { x: "x".into(), ..Curves::default() },
//! );
//! let svg = figure.unwrap().svg(Size::default());
//! assert!(svg.starts_with("<svg"));
//! ```

mod axis;
mod clip;
mod color;
mod contour;
mod convergence;
mod curves;
mod descent;
mod draw;
mod figure;
mod fit;
mod font;
mod histogram;
mod landscape;
mod layout;
mod legend;
mod levels;
#[cfg(feature = "png")]
mod png;
mod range;
mod sample;
mod scene;
mod svg;
mod terminal;
mod thin;
mod ticks;

pub use color::Color;
pub use contour::{Contour, Grid, contour};
pub use convergence::{Errors, convergence};
pub use curves::{Curves, Function, curves};
pub use descent::{Descent, Path, descent};
pub use figure::{
    Axis, Dash, Figure, Layer, MAX_SIDE, MIN_SIDE, Mark, Panel, PlotError, Scale, Size,
};
pub use fit::{Fit, Fitted, fit};
pub use histogram::{Histogram, histograms};
pub use landscape::{Landscape, landscape};
pub use sample::{Sampled, sample};
pub use terminal::Terminal;
pub use ticks::{Ticks, ticks};
