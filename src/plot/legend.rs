//! The legend: in a corner where it covers nothing, or else above the frame.

use super::clip::{self, Rect};
use super::draw;
use super::figure::{Layer, Mark};
use super::font;
use super::layout::{Frame, Style};
use super::scene::{Anchor, Item};
use super::{Color, Dash};

/// More entries than this are not listed; a last line says how many there are.
const MAX_ENTRIES: usize = 12;

/// Longer names are shortened, as part of the frame's width.
const WIDEST: f64 = 0.6;

struct Entry {
    text: String,
    sample: Sample,
}

enum Sample {
    Line(Color, Dash, f64),
    Point(Color, Mark),
    Area(Color, f64),
    Nothing,
}

fn entries(frame: &Frame<'_>, style: Style) -> Vec<Entry> {
    let mut entries = Vec::new();
    for layer in &frame.panel.layers {
        let (name, sample) = match layer {
            Layer::Line {
                color,
                dash,
                width,
                name,
                ..
            } => (name, Sample::Line(*color, *dash, *width)),
            Layer::Points {
                color, mark, name, ..
            } => (name, Sample::Point(*color, *mark)),
            Layer::Band {
                color,
                opacity,
                name,
                ..
            } => (name, Sample::Area(*color, *opacity)),
            Layer::Arrows { color, name, .. } => (name, Sample::Line(*color, Dash::Solid, 1.2)),
            Layer::Fill { .. } | Layer::Level(_) => continue,
        };
        if let Some(name) = name {
            let room = WIDEST * frame.rect.width();
            entries.push(Entry {
                text: font::shortened(name, style.letters, room),
                sample,
            });
        }
    }
    if entries.len() > MAX_ENTRIES {
        let more = entries.len() - MAX_ENTRIES;
        entries.truncate(MAX_ENTRIES);
        entries.push(Entry {
            text: format!("… and {more} more"),
            sample: Sample::Nothing,
        });
    }
    entries
}

/// The width of the little picture before a name.
fn sample_width(style: Style) -> f64 {
    26.0 * style.scale
}

fn line_height(style: Style) -> f64 {
    1.45 * style.letters
}

fn entry_width(entry: &Entry, style: Style) -> f64 {
    sample_width(style) + style.gap + font::width(&entry.text, style.letters)
}

/// The corner in which a legend covers nothing that is drawn, if there is one.
pub fn corner(frame: &Frame<'_>, style: Style) -> Option<Rect> {
    let entries = entries(frame, style);
    if entries.is_empty() {
        return None;
    }
    let widest = entries
        .iter()
        .map(|e| entry_width(e, style))
        .fold(0.0, f64::max);
    let width = widest + 2.0 * style.gap;
    let height = entries.len() as f64 * line_height(style) + style.gap;
    let area = frame.rect.grown(-1.5 * style.gap);
    if width > area.width() || height > area.height() {
        return None;
    }
    let corners = [
        (area.right - width, area.top),
        (area.left, area.top),
        (area.right - width, area.bottom - height),
        (area.left, area.bottom - height),
    ];
    corners
        .into_iter()
        .map(|(left, top)| Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        })
        .find(|place| !covers(frame, &place.grown(style.gap)))
}

/// Is something drawn here? What only lies on the ground, as the colours of a landscape, does not count.
fn covers(frame: &Frame<'_>, place: &Rect) -> bool {
    let placed = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        points.iter().map(|&p| frame.place(p)).collect()
    };
    frame.panel.layers.iter().any(|layer| match layer {
        Layer::Line { runs, name, .. } => {
            (name.is_some() || frame.panel.bar.is_empty())
                && (runs.iter()).any(|run| !clip::line(&placed(run), place).is_empty())
        }
        Layer::Points { points, .. } => points.iter().any(|&p| place.contains(frame.place(p))),
        Layer::Band { edges, .. } => {
            let outline = draw::outline(edges);
            !clip::area(&placed(&outline), place).is_empty()
        }
        Layer::Fill { .. } | Layer::Arrows { .. } | Layer::Level(_) => false,
    })
}

/// The entries in rows, side by side as long as there is room.
fn rows(frame: &Frame<'_>, style: Style) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = vec![Vec::new()];
    let mut used = 0.0;
    for entry in entries(frame, style) {
        let width = entry_width(&entry, style) + 3.0 * style.gap;
        if used > 0.0 && used + width > frame.rect.width() {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += width;
        rows.last_mut().expect("never empty").push(entry);
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// How much room a legend above the frame takes.
pub fn height_above(frame: &Frame<'_>, style: Style) -> f64 {
    rows(frame, style).len() as f64 * line_height(style)
}

/// The place of a legend above the frame, for which [`height_above`] has made room.
pub fn above(frame: &Frame<'_>, style: Style) -> Rect {
    let exponent = match frame.panel.y.numbered && !frame.y.common.is_empty() {
        true => style.letters + style.gap / 2.0,
        false => 0.0,
    };
    let bottom = frame.rect.top - style.gap / 2.0 - exponent;
    Rect {
        left: frame.rect.left,
        top: bottom - height_above(frame, style),
        right: frame.rect.right,
        bottom,
    }
}

/// Draws it where the layout has found its place.
pub fn draw(frame: &Frame<'_>, style: Style, items: &mut Vec<Item>) {
    let Some(place) = frame.legend else { return };
    let inside = frame.rect.contains((place.left, place.top));
    if inside {
        items.push(Item::Area {
            loops: vec![draw::corners(&place)],
            color: Color::WHITE,
            opacity: 0.85,
            clip: None,
        });
    }
    let rows = match inside {
        true => entries(frame, style).into_iter().map(|e| vec![e]).collect(),
        false => rows(frame, style),
    };
    let mut top = place.top + if inside { style.gap / 2.0 } else { 0.0 };
    for row in rows {
        let mut left = place.left + if inside { style.gap } else { 0.0 };
        for entry in row {
            let middle = top + line_height(style) / 2.0;
            sample(&entry.sample, (left, middle), style, items);
            items.push(Item::Text {
                at: (
                    left + sample_width(style) + style.gap,
                    middle + 0.36 * style.letters,
                ),
                size: style.letters,
                anchor: Anchor::Start,
                upwards: false,
                color: Color::INK,
                text: entry.text.clone(),
            });
            left += entry_width(&entry, style) + 3.0 * style.gap;
        }
        top += line_height(style);
    }
}

fn sample(sample: &Sample, (left, middle): (f64, f64), style: Style, items: &mut Vec<Item>) {
    let width = sample_width(style);
    match *sample {
        Sample::Line(color, dash, thick) => items.push(Item::Line {
            runs: vec![vec![(left, middle), (left + width, middle)]],
            color,
            width: thick * style.scale,
            dash: draw::dash_lengths(dash, thick * style.scale),
            clip: None,
        }),
        Sample::Point(color, mark) => {
            draw::marks(
                &[(left + width / 2.0, middle)],
                color,
                mark,
                style,
                None,
                items,
            );
        }
        Sample::Area(color, opacity) => {
            let half = style.letters / 2.5;
            items.push(Item::Area {
                loops: vec![draw::corners(&Rect {
                    left,
                    top: middle - half,
                    right: left + width,
                    bottom: middle + half,
                })],
                color,
                opacity,
                clip: None,
            });
        }
        Sample::Nothing => {}
    }
}
