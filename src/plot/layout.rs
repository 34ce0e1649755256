//! Where things stand: margins as wide as the numbers beside them, panels above each other with a common left edge.

use super::clip::Rect;
use super::figure::{Axis, Figure, Panel, Size};
use super::font;
use super::legend;
use super::ticks::{self, Ticks};

/// Sizes in pixels, for a picture of 800 x 600; larger ones are drawn larger, smaller ones not smaller than can be read.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// By what everything is multiplied.
    pub scale: f64,
    /// Letters at axes.
    pub letters: f64,
    /// Letters of the title.
    pub title: f64,
    /// The length of ticks.
    pub tick: f64,
    /// Between things.
    pub gap: f64,
    /// The width of the bar of colours.
    pub bar: f64,
}

impl Style {
    fn of(size: Size) -> Style {
        let fit = (f64::from(size.width()) / 800.0).min(f64::from(size.height()) / 600.0);
        let scale = fit.max(0.75);
        Style {
            scale,
            letters: 13.0 * scale,
            title: 15.0 * scale,
            tick: 4.0 * scale,
            gap: 6.0 * scale,
            bar: 16.0 * scale,
        }
    }
}

/// A panel with its place in the picture.
pub struct Frame<'a> {
    /// What is shown.
    pub panel: &'a Panel,
    /// Where: the rectangle between the axes.
    pub rect: Rect,
    /// The numbers of the horizontal axis.
    pub x: Ticks,
    /// The numbers of the vertical axis.
    pub y: Ticks,
    /// Where the legend stands, if there is one.
    pub legend: Option<Rect>,
}

impl Frame<'_> {
    /// A point of the data, in pixels.
    pub fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            self.rect.left + self.panel.x.part(x) * self.rect.width(),
            self.rect.bottom - self.panel.y.part(y) * self.rect.height(),
        )
    }
}

/// A picture, laid out.
pub struct Layout<'a> {
    /// Sizes.
    pub style: Style,
    /// The title, shortened, and where its middle stands.
    pub title: Option<(String, (f64, f64))>,
    /// The panels.
    pub frames: Vec<Frame<'a>>,
}

/// Space around a frame: left, top, right, bottom.
type Margins = [f64; 4];

/// Lays a figure out.
pub fn layout(figure: &Figure, size: Size) -> Layout<'_> {
    let style = Style::of(size);
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let title = (!figure.title.is_empty()).then(|| {
        let text = font::shortened(&figure.title, style.title, width - 4.0 * style.gap);
        (text, (width / 2.0, style.gap + 1.1 * style.title))
    });
    let top = match title {
        Some(_) => style.gap + 1.5 * style.title,
        None => 0.0,
    };
    let cell = |panel: &Panel| {
        let [left, above, right, below] = panel.place;
        Rect {
            left: left * width,
            top: top + above * (height - top),
            right: right * width,
            bottom: top + below * (height - top),
        }
    };
    let frames = |extra: &[f64]| {
        // Numbers decide margins, and margins how many numbers there is room for: twice is enough.
        let mut margins = vec![[60.0 * style.scale; 4]; figure.panels.len()];
        for _ in 0..2 {
            let frames: Vec<Frame> = (figure.panels.iter().zip(&margins))
                .map(|(panel, margins)| framed(panel, inner(cell(panel), margins), style))
                .collect();
            margins = frames.iter().map(|f| margins_of(f, style)).collect();
            share(&figure.panels, &mut margins);
            for (margins, extra) in margins.iter_mut().zip(extra) {
                margins[1] += extra;
            }
        }
        let laid = figure.panels.iter().zip(&margins);
        laid.map(|(panel, margins)| framed(panel, inner(cell(panel), margins), style))
            .collect::<Vec<Frame>>()
    };
    let mut extra = vec![0.0; figure.panels.len()];
    let mut laid = frames(&extra);
    // A legend stands in a free corner, or above the frame.
    for (frame, extra) in laid.iter_mut().zip(&mut extra) {
        frame.legend = legend::corner(frame, style);
        if frame.legend.is_none() {
            *extra = legend::height_above(frame, style);
        }
    }
    if extra.iter().any(|&height| height > 0.0) {
        laid = frames(&extra);
        for (frame, extra) in laid.iter_mut().zip(&extra) {
            frame.legend = match *extra > 0.0 {
                true => Some(legend::above(frame, style)),
                false => legend::corner(frame, style),
            };
        }
    }
    Layout {
        style,
        title,
        frames: laid,
    }
}

fn inner(cell: Rect, margins: &Margins) -> Rect {
    const LEAST: f64 = 8.0;
    let [left, top, right, bottom] = *margins;
    let rect = Rect {
        left: cell.left + left,
        top: cell.top + top,
        right: cell.right - right,
        bottom: cell.bottom - bottom,
    };
    // A panel that is all margins keeps something to draw in.
    Rect {
        right: rect.right.max(rect.left + LEAST),
        bottom: rect.bottom.max(rect.top + LEAST),
        ..rect
    }
}

fn framed(panel: &Panel, rect: Rect, style: Style) -> Frame<'_> {
    let beside = |axis: &Axis, most: f64| ticks::ticks(axis, (most as usize).clamp(2, 20));
    let mut x = beside(&panel.x, rect.width() / (55.0 * style.scale));
    // Fewer numbers until none touches the next.
    for most in [8.0, 6.0, 5.0, 4.0, 3.0, 2.0] {
        let room = |pair: &[(f64, String)]| {
            (panel.x.part(pair[1].0) - panel.x.part(pair[0].0)) * rect.width()
        };
        let half = |label: &(f64, String)| font::width(&label.1, style.letters) / 2.0;
        let tight = (x.major.windows(2))
            .any(|pair| half(&pair[0]) + half(&pair[1]) + 1.5 * style.gap > room(pair));
        if !panel.x.numbered || !tight {
            break;
        }
        x = beside(&panel.x, most);
    }
    let y = beside(&panel.y, rect.height() / (38.0 * style.scale));
    Frame {
        panel,
        rect,
        x,
        y,
        legend: None,
    }
}

fn margins_of(frame: &Frame<'_>, style: Style) -> Margins {
    let panel = frame.panel;
    let widest = |labels: &[(f64, String)]| {
        (labels
            .iter()
            .map(|(_, text)| font::width(text, style.letters)))
        .fold(0.0, f64::max)
    };
    let label = |axis: &Axis| match axis.label.is_empty() {
        true => 0.0,
        false => style.letters + style.gap,
    };
    let mut left = style.gap + label(&panel.y);
    if panel.y.numbered {
        left += widest(&frame.y.major) + style.tick + style.gap;
    }
    let mut bottom = style.gap + label(&panel.x);
    if panel.x.numbered {
        bottom += style.letters + style.tick + 0.5 * style.gap;
        if label(&panel.x) == 0.0 && !frame.x.common.is_empty() {
            bottom += style.letters + style.gap;
        }
    }
    let mut right = 2.0 * style.gap;
    if panel.x.numbered {
        // The last number may stand at the very end.
        let over = frame.x.major.last().map_or(0.0, |(x, text)| {
            let beyond = (1.0 - panel.x.part(*x)) * frame.rect.width();
            font::width(text, style.letters) / 2.0 - beyond
        });
        right = right.max(over + style.gap);
    }
    if !panel.bar.is_empty() {
        let labels: Vec<(f64, String)> = (panel.bar.iter())
            .map(|(level, _)| (0.0, ticks::short(*level)))
            .collect();
        right += style.bar + widest(&labels) + 2.5 * style.gap;
    }
    let mut top = 1.5 * style.gap;
    if panel.y.numbered && !frame.y.common.is_empty() {
        top += style.letters;
    }
    [left, top, right, bottom]
}

/// Panels one above the other have the same left and right edges.
fn share(panels: &[Panel], margins: &mut [Margins]) {
    for side in [0, 2] {
        let common: Vec<f64> = (panels.iter())
            .map(|panel| {
                let beside = panels.iter().zip(margins.iter());
                let same = beside.filter(|(other, _)| other.place[side] == panel.place[side]);
                same.map(|(_, m)| m[side]).fold(0.0, f64::max)
            })
            .collect();
        for (margins, common) in margins.iter_mut().zip(common) {
            margins[side] = common;
        }
    }
}
