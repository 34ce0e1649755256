//! The font that comes with the crate: how wide a text is, and the outlines of its letters.
//!
//! It is looked at when a picture is made, never before.

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// `src/plot/font/README.md` says what it is and how it was made.
const FONT: &[u8] = include_bytes!("font/DejaVuSans-subset.ttf");

/// What SVG names, in the order of preference: the first is this font, the second has the same widths.
pub const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// A part of an outline, in pixels from the start of the text on its line; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stroke {
    /// Begins a closed line.
    Move(f64, f64),
    /// Straight to a point.
    Line(f64, f64),
    /// To the second point, bent towards the first.
    Bend(f64, f64, f64, f64),
    /// Back to where it began.
    Close,
}

fn face() -> Face<'static> {
    Face::parse(FONT, 0).expect("the font of the crate")
}

fn glyph(face: &Face<'_>, c: char) -> GlyphId {
    face.glyph_index(c).unwrap_or_default()
}

/// The width of a line of text in pixels, at this size of letters.
pub fn width(text: &str, size: f64) -> f64 {
    let face = face();
    let units = f64::from(face.units_per_em());
    let advance = |c: char| face.glyph_hor_advance(glyph(&face, c)).unwrap_or(0);
    let sum: f64 = text.chars().map(|c| f64::from(advance(c))).sum();
    sum * size / units
}

/// The text, or as much of its beginning as there is room for, with `…` behind.
pub fn shortened(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = width("…", size);
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]), size);
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// The outlines of a text.
#[cfg_attr(not(feature = "png"), allow(dead_code))]
pub fn outline(text: &str, size: f64) -> Vec<Stroke> {
    let face = face();
    let mut pen = Pen {
        strokes: Vec::new(),
        scale: size / f64::from(face.units_per_em()),
        x: 0.0,
    };
    for c in text.chars() {
        let glyph = glyph(&face, c);
        face.outline_glyph(glyph, &mut pen);
        pen.x += f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * pen.scale;
    }
    pen.strokes
}

struct Pen {
    strokes: Vec<Stroke>,
    scale: f64,
    x: f64,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (
            self.x + f64::from(x) * self.scale,
            -f64::from(y) * self.scale,
        )
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.strokes.push(Stroke::Move(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.strokes.push(Stroke::Line(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.strokes.push(Stroke::Bend(x1, y1, x, y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        // TrueType has none of these; one bend through the middle of both handles is near enough.
        self.quad_to((x1 + x2) / 2.0, (y1 + y2) / 2.0, x, y);
    }

    fn close(&mut self) {
        self.strokes.push(Stroke::Close);
    }
}
