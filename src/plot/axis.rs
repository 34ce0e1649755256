//! Frames, ticks, numbers and labels.

use super::Color;
use super::clip::Rect;
use super::draw::corners;
use super::layout::{Frame, Style};
use super::scene::{Anchor, Item};
use super::{font, ticks};

/// The frame of a panel and what stands beside it.
pub fn draw(frame: &Frame<'_>, style: Style, items: &mut Vec<Item>) {
    let rect = frame.rect;
    let mut edge = corners(&rect);
    edge.push(edge[0]);
    let mut runs = vec![edge];
    let (x_at, y_at) = (
        |x: f64| frame.place((x, frame.panel.y.range.0)).0,
        |y: f64| frame.place((frame.panel.x.range.0, y)).1,
    );
    let under = |x: f64, length: f64| vec![(x, rect.bottom), (x, rect.bottom + length)];
    let beside = |y: f64, length: f64| vec![(rect.left, y), (rect.left - length, y)];
    let short = style.tick / 2.0;
    runs.extend(
        frame
            .x
            .major
            .iter()
            .map(|(x, _)| under(x_at(*x), style.tick)),
    );
    runs.extend(frame.x.minor.iter().map(|x| under(x_at(*x), short)));
    runs.extend(
        frame
            .y
            .major
            .iter()
            .map(|(y, _)| beside(y_at(*y), style.tick)),
    );
    runs.extend(frame.y.minor.iter().map(|y| beside(y_at(*y), short)));
    items.push(Item::Line {
        runs,
        color: Color::INK,
        width: style.scale,
        dash: Vec::new(),
        clip: None,
    });
    let text = |text: &str, at: (f64, f64), anchor: Anchor, upwards: bool| Item::Text {
        text: text.to_owned(),
        at,
        size: style.letters,
        anchor,
        upwards,
        color: Color::INK,
    };
    let mut below = rect.bottom + style.tick + 0.5 * style.gap;
    if frame.panel.x.numbered {
        below += 0.8 * style.letters;
        for (x, label) in &frame.x.major {
            items.push(text(label, (x_at(*x), below), Anchor::Middle, false));
        }
        below += 0.2 * style.letters;
    }
    below += style.letters;
    let label = &frame.panel.x.label;
    if !label.is_empty() {
        let label = font::shortened(label, style.letters, rect.width());
        let middle = (rect.left + rect.right) / 2.0;
        items.push(text(&label, (middle, below), Anchor::Middle, false));
    }
    if frame.panel.x.numbered && !frame.x.common.is_empty() {
        items.push(text(
            &frame.x.common,
            (rect.right, below),
            Anchor::End,
            false,
        ));
    }
    let mut left = rect.left - style.tick - 0.5 * style.gap;
    if frame.panel.y.numbered {
        let mut widest = 0.0f64;
        for (y, label) in &frame.y.major {
            widest = widest.max(font::width(label, style.letters));
            let at = (left, y_at(*y) + 0.36 * style.letters);
            items.push(text(label, at, Anchor::End, false));
        }
        left -= widest + 0.5 * style.gap;
        if !frame.y.common.is_empty() {
            let at = (rect.left, rect.top - 0.7 * style.gap);
            items.push(text(&frame.y.common, at, Anchor::Start, false));
        }
    }
    let label = &frame.panel.y.label;
    if !label.is_empty() {
        let label = font::shortened(label, style.letters, rect.height());
        let middle = (rect.top + rect.bottom) / 2.0;
        let at = (left - 0.7 * style.gap, middle);
        items.push(text(&label, at, Anchor::Middle, true));
    }
}

/// The bar of a landscape: a box a colour, and the heights between them.
pub fn bar(frame: &Frame<'_>, style: Style, items: &mut Vec<Item>) {
    let bar = &frame.panel.bar;
    if bar.is_empty() {
        return;
    }
    let left = frame.rect.right + 2.0 * style.gap;
    let each = frame.rect.height() / bar.len() as f64;
    let bottom_of = |k: usize| frame.rect.bottom - k as f64 * each;
    // Numbers that would touch are left out, evenly.
    let every = (1.3 * style.letters / each).ceil().max(1.0) as usize;
    for (k, (level, color)) in bar.iter().enumerate() {
        let place = Rect {
            left,
            top: bottom_of(k + 1),
            right: left + style.bar,
            bottom: bottom_of(k),
        };
        items.push(Item::Area {
            loops: vec![corners(&place)],
            color: *color,
            opacity: 1.0,
            clip: None,
        });
        if level.is_finite() && k % every == 0 {
            items.push(Item::Text {
                text: ticks::short(*level),
                at: (place.right + style.gap, place.bottom + 0.36 * style.letters),
                size: style.letters,
                anchor: Anchor::Start,
                upwards: false,
                color: Color::INK,
            });
        }
    }
    let whole = Rect {
        left,
        top: frame.rect.top,
        right: left + style.bar,
        bottom: frame.rect.bottom,
    };
    let mut edge = corners(&whole);
    edge.push(edge[0]);
    items.push(Item::Line {
        runs: vec![edge],
        color: Color::INK,
        width: style.scale,
        dash: Vec::new(),
        clip: None,
    });
}
