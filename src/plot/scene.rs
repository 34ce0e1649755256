//! A picture in pixels: what [`draw`](super::draw) makes of a figure, and what the formats write down.

use super::Color;
use super::clip::Rect;

/// Things to draw, one over the other, on white.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// From the lowest to the highest.
    pub items: Vec<Item>,
}

/// A thing to draw. Points count from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Lines.
    Line {
        /// The points of each.
        runs: Vec<Vec<(f64, f64)>>,
        /// Their colour.
        color: Color,
        /// Their width.
        width: f64,
        /// Drawn and not drawn, in turn; empty for a line without gaps.
        dash: Vec<f64>,
        /// Only what lies in here is seen.
        clip: Option<Rect>,
    },
    /// Areas inside closed lines; those surrounded by an even number of lines are left out.
    Area {
        /// The points of each line.
        loops: Vec<Vec<(f64, f64)>>,
        /// The colour.
        color: Color,
        /// How much it covers.
        opacity: f64,
        /// Only what lies in here is seen.
        clip: Option<Rect>,
    },
    /// Discs of one size.
    Discs {
        /// Their centres.
        centers: Vec<(f64, f64)>,
        /// Their radius.
        radius: f64,
        /// Their colour.
        color: Color,
        /// Only what lies in here is seen.
        clip: Option<Rect>,
    },
    /// A line of text.
    Text {
        /// Its letters.
        text: String,
        /// Where it stands: the line under its letters, at the end or middle that `anchor` names.
        at: (f64, f64),
        /// The height of its letters.
        size: f64,
        /// What of it stands at `at`.
        anchor: Anchor,
        /// Does it run upwards?
        upwards: bool,
        /// Its colour.
        color: Color,
    },
}

/// Which part of a text has a given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its first letter.
    Start,
    /// Its middle.
    Middle,
    /// Its last letter.
    End,
}
