//! What is to be seen, in the units of the data. How it is drawn is told elsewhere.

use super::{Color, Terminal, draw, svg, terminal};

/// A picture: a title and panels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// Above everything; shortened where there is no room. May be empty.
    pub title: String,
    /// The panels; a later one covers an earlier one.
    pub panels: Vec<Panel>,
}

/// A frame with two axes and what is drawn in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Left, top, right and bottom edge, as parts of the figure: `[0, 0, 1, 1]` is all of it.
    pub place: [f64; 4],
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// From the lowest to the highest.
    pub layers: Vec<Layer>,
    /// Levels and their colours, for a bar beside the panel: `colors[k]` is what lies above `levels[k]` and below the next.
    /// The first level may be infinite: everything below the second.
    pub bar: Vec<(f64, Color)>,
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it measures, with its unit; may be empty.
    pub label: String,
    /// The lowest and the highest value shown.
    pub range: (f64, f64),
    /// How values are spread.
    pub scale: Scale,
    /// Are numbers written beside it?
    pub numbered: bool,
}

/// How the values of an axis are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,
    /// Evenly, with ticks at multiples of π.
    Pi,
    /// By their logarithms; there is nothing at 0 and below.
    Log,
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    #[default]
    Solid,
    /// Long parts.
    Dashed,
    /// Short parts.
    Dotted,
}

/// The form of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A small disc.
    Dot,
    /// A circle, white within.
    Circle,
    /// A star, larger than the others.
    Star,
}

/// Something drawn in a panel. Points are pairs of x and y; what is not finite is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Lines, one or several of the same kind.
    Line {
        /// The points of each; there is a gap between one line and the next.
        runs: Vec<Vec<(f64, f64)>>,
        /// Its colour.
        color: Color,
        /// How it is broken.
        dash: Dash,
        /// In pixels of a figure of the default size.
        width: f64,
        /// Is it set off from what lies below by a white edge?
        edged: bool,
        /// Its entry in the legend.
        name: Option<String>,
    },
    /// Points.
    Points {
        /// Where they are.
        points: Vec<(f64, f64)>,
        /// Their colour.
        color: Color,
        /// Their form.
        mark: Mark,
        /// Their entry in the legend.
        name: Option<String>,
    },
    /// What lies between two curves.
    Band {
        /// `(x, low, high)`, in the order of x.
        edges: Vec<(f64, f64, f64)>,
        /// Its colour.
        color: Color,
        /// How much it covers: from 0, nothing, to 1.
        opacity: f64,
        /// Its entry in the legend.
        name: Option<String>,
    },
    /// Closed lines, filled; where an even number of them surround a point, it is left out.
    Fill {
        /// The points of each.
        loops: Vec<Vec<(f64, f64)>>,
        /// Its colour.
        color: Color,
    },
    /// Arrows from points in a direction; lengths are chosen so that the longest just does not meet its neighbours.
    Arrows {
        /// `(x, y, right, up)`: where it starts, and its direction in the units of the data.
        arrows: Vec<(f64, f64, f64, f64)>,
        /// Their colour.
        color: Color,
        /// Their entry in the legend.
        name: Option<String>,
    },
    /// A thin line over the whole width, at a value of y.
    Level(f64),
}

/// Width and height of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

/// The fewest pixels of a side: less has no room for axes.
pub const MIN_SIDE: u32 = 160;

/// The most pixels of a side.
pub const MAX_SIDE: u32 = 8_000;

impl Size {
    /// A size.
    ///
    /// # Errors
    /// [`PlotError::Size`] if a side is shorter than [`MIN_SIDE`] or longer than [`MAX_SIDE`].
    pub fn new(width: u32, height: u32) -> Result<Size, PlotError> {
        let sides = MIN_SIDE..=MAX_SIDE;
        match sides.contains(&width) && sides.contains(&height) {
            true => Ok(Size { width, height }),
            false => Err(PlotError::Size),
        }
    }

    /// Pixels from left to right.
    pub fn width(self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom.
    pub fn height(self) -> u32 {
        self.height
    }
}

impl Default for Size {
    /// 800 x 600.
    fn default() -> Size {
        Size {
            width: 800,
            height: 600,
        }
    }
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlotError {
    /// A side is too short or too long.
    #[error("a picture has {MIN_SIDE} to {MAX_SIDE} pixels a side")]
    Size,
    /// Nothing that was to be drawn has a finite value.
    #[error("nothing to draw: no value is finite")]
    Empty,
    /// There are values, but the axes were given another range.
    #[error("nothing to draw: no value lies within the range of the axis")]
    Outside,
    /// There are values, but none above 0, and the axis is a logarithmic one.
    #[error("nothing to draw: a logarithmic axis needs values above 0")]
    NotPositive,
    /// The ends of an interval are equal, in the wrong order, not finite, or too close for the numbers between them.
    #[error(
        "an interval needs two finite ends, within 1e300, the lower one first, with room between them"
    )]
    Interval,
    /// The same of the values that are to be shown.
    #[error(
        "an interval needs two finite ends, within 1e300, the lower one first, with room between them"
    )]
    Values,
    /// A logarithmic axis would begin at 0 or below.
    #[error("a logarithmic axis begins above 0")]
    Log,
}

impl Figure {
    /// The picture as an SVG file. The same figure gives the same text.
    pub fn svg(&self, size: Size) -> String {
        svg::write(&draw::scene(self, size))
    }

    /// The picture as a PNG file.
    #[cfg(feature = "png")]
    pub fn png(&self, size: Size) -> Vec<u8> {
        super::png::write(&draw::scene(self, size))
    }

    /// The picture in characters: lines of text, each with its end.
    pub fn terminal(&self, terminal: Terminal) -> String {
        terminal::write(self, terminal)
    }
}

impl Panel {
    /// A panel that fills the figure, without layers.
    pub fn new(x: Axis, y: Axis) -> Panel {
        Panel {
            place: [0.0, 0.0, 1.0, 1.0],
            x,
            y,
            layers: Vec::new(),
            bar: Vec::new(),
        }
    }
}

impl Axis {
    /// An axis with numbers. Where `range` is empty, or an end is not finite, the axis finds one that can be drawn.
    pub fn new(label: impl Into<String>, range: (f64, f64), scale: Scale) -> Axis {
        Axis {
            label: label.into(),
            range: super::range::drawable(range, scale),
            scale,
            numbered: true,
        }
    }

    /// Where a value lies: 0 at the lower end of the axis, 1 at the upper one; not finite where there is no place for it.
    pub(super) fn part(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        match self.scale {
            Scale::Log => (value.log10() - low.log10()) / (high.log10() - low.log10()),
            // Halves, since the difference of two large numbers may overflow.
            _ => (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0),
        }
    }
}
