//! From a figure to things in pixels.

use std::collections::BTreeMap;

use super::clip::{self, Rect};
use super::figure::{Dash, Figure, Layer, Mark, Size};
use super::layout::{self, Frame, Style};
use super::legend;
use super::scene::{Anchor, Item, Scene};
use super::{Color, axis, thin};

/// More points than this are not drawn one by one, but as squares, darker where there are more of them.
pub const MAX_MARKS: usize = 10_000;

/// Draws a figure.
pub fn scene(figure: &Figure, size: Size) -> Scene {
    let layout = layout::layout(figure, size);
    let style = layout.style;
    let mut items = Vec::new();
    for frame in &layout.frames {
        if frame.panel.bar.is_empty() {
            grid(frame, style, &mut items);
        }
        for layer in &frame.panel.layers {
            draw_layer(frame, layer, style, &mut items);
        }
        axis::draw(frame, style, &mut items);
        axis::bar(frame, style, &mut items);
        legend::draw(frame, style, &mut items);
    }
    if let Some((text, at)) = layout.title {
        items.push(Item::Text {
            text,
            at,
            size: style.title,
            anchor: Anchor::Middle,
            upwards: false,
            color: Color::INK,
        });
    }
    Scene {
        width: size.width(),
        height: size.height(),
        items,
    }
}

/// The corners of a rectangle.
pub fn corners(rect: &Rect) -> Vec<(f64, f64)> {
    vec![
        (rect.left, rect.top),
        (rect.right, rect.top),
        (rect.right, rect.bottom),
        (rect.left, rect.bottom),
    ]
}

/// What is drawn and what is left out, in turn.
pub fn dash_lengths(dash: Dash, width: f64) -> Vec<f64> {
    match dash {
        Dash::Solid => Vec::new(),
        Dash::Dashed => vec![4.0 * width, 2.5 * width],
        Dash::Dotted => vec![0.1 * width, 2.2 * width],
    }
}

/// The closed line around a band.
pub fn outline(edges: &[(f64, f64, f64)]) -> Vec<(f64, f64)> {
    let whole = edges
        .iter()
        .filter(|(x, low, high)| x.is_finite() && low.is_finite() && high.is_finite());
    let low = whole.clone().map(|&(x, low, _)| (x, low));
    low.chain(whole.rev().map(|&(x, _, high)| (x, high)))
        .collect()
}

fn grid(frame: &Frame<'_>, style: Style, items: &mut Vec<Item>) {
    let rect = frame.rect;
    let upright = frame.x.major.iter().map(|(x, _)| {
        let (x, _) = frame.place((*x, frame.panel.y.range.0));
        vec![(x, rect.bottom), (x, rect.top)]
    });
    let level = frame.y.major.iter().map(|(y, _)| {
        let (_, y) = frame.place((frame.panel.x.range.0, *y));
        vec![(rect.left, y), (rect.right, y)]
    });
    let runs: Vec<Vec<(f64, f64)>> = upright.chain(level).collect();
    if !runs.is_empty() {
        items.push(Item::Line {
            runs,
            color: Color::GRID,
            width: 0.8 * style.scale,
            dash: Vec::new(),
            clip: Some(rect),
        });
    }
}

fn draw_layer(frame: &Frame<'_>, layer: &Layer, style: Style, items: &mut Vec<Item>) {
    let rect = frame.rect;
    let clip = Some(rect);
    let placed = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        points.iter().map(|&p| frame.place(p)).collect()
    };
    match layer {
        Layer::Line {
            runs,
            color,
            dash,
            width,
            edged,
            ..
        } => {
            let width = width * style.scale;
            let mut drawn = Vec::new();
            let mut single = Vec::new();
            for run in runs.iter().flat_map(|run| finite_parts(&placed(run))) {
                match run[..] {
                    [only] => single.push(only),
                    _ => drawn.extend(clip::line(&run, &rect.grown(4.0 * width))),
                }
            }
            let drawn: Vec<Vec<(f64, f64)>> = drawn.iter().map(|run| thin::thin(run)).collect();
            let line = |color, width, dash| Item::Line {
                runs: drawn.clone(),
                color,
                width,
                dash,
                clip,
            };
            if *edged && !drawn.is_empty() {
                items.push(line(Color::WHITE, width + 2.0 * style.scale, Vec::new()));
            }
            if !drawn.is_empty() {
                items.push(line(*color, width, dash_lengths(*dash, width)));
            }
            // A piece of one point, as one defined at a single place, is a dot.
            single.retain(|&p| rect.contains(p));
            if !single.is_empty() {
                items.push(Item::Discs {
                    centers: single,
                    radius: width,
                    color: *color,
                    clip,
                });
            }
        }
        Layer::Points {
            points,
            color,
            mark,
            ..
        } => {
            let near = rect.grown(style.gap);
            let places: Vec<(f64, f64)> = (placed(points).into_iter())
                .filter(|&p| near.contains(p))
                .collect();
            let places = without_doubles(&places);
            match places.len() > MAX_MARKS {
                true => density(&places, *color, style, rect, items),
                // A mark on the edge is seen whole.
                false => marks(
                    &places,
                    *color,
                    *mark,
                    style,
                    Some(rect.grown(style.gap)),
                    items,
                ),
            }
        }
        Layer::Band {
            edges,
            color,
            opacity,
            ..
        } => {
            let area = clip::area(&placed(&outline(edges)), &rect.grown(4.0));
            if area.len() > 2 {
                items.push(Item::Area {
                    loops: vec![thin::thin(&area)],
                    color: *color,
                    opacity: *opacity,
                    clip,
                });
            }
        }
        Layer::Fill { loops, color } => {
            let loops: Vec<Vec<(f64, f64)>> = (loops.iter())
                .map(|run| thin::thin(&clip::area(&placed(run), &rect.grown(4.0))))
                .filter(|run| run.len() > 2)
                .collect();
            if !loops.is_empty() {
                items.push(Item::Area {
                    loops,
                    color: *color,
                    opacity: 1.0,
                    clip,
                });
            }
        }
        Layer::Arrows { arrows, color, .. } => self::arrows(frame, arrows, *color, style, items),
        Layer::Level(y) => {
            let (_, y) = frame.place((frame.panel.x.range.0, *y));
            if rect.top <= y && y <= rect.bottom {
                items.push(Item::Line {
                    runs: vec![vec![(rect.left, y), (rect.right, y)]],
                    color: Color::GRAY,
                    width: 1.0 * style.scale,
                    dash: Vec::new(),
                    clip,
                });
            }
        }
    }
}

/// The pieces of a line between points that have no place.
fn finite_parts(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    (points.split(|(x, y)| !x.is_finite() || !y.is_finite()))
        .filter(|part| !part.is_empty())
        .map(<[_]>::to_vec)
        .collect()
}

/// One of the points that fall on the same half pixel.
fn without_doubles(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut seen = rustc_hash::FxHashSet::default();
    let cell = |x: f64| (2.0 * x).round() as i64;
    (places.iter().copied())
        .filter(|&(x, y)| seen.insert((cell(x), cell(y))))
        .collect()
}

/// Marks in a colour; `clip` as far as they may be seen.
pub fn marks(
    places: &[(f64, f64)],
    color: Color,
    mark: Mark,
    style: Style,
    clip: Option<Rect>,
    items: &mut Vec<Item>,
) {
    if places.is_empty() {
        return;
    }
    let discs = |radius: f64, color| Item::Discs {
        centers: places.to_vec(),
        radius: radius * style.scale,
        color,
        clip,
    };
    // Many points are small ones.
    let small = if places.len() > 1000 { 0.6 } else { 1.0 };
    match mark {
        Mark::Dot => items.push(discs(2.6 * small, color)),
        Mark::Circle => {
            items.push(discs(5.0, Color::WHITE));
            items.push(discs(4.2, color));
            items.push(discs(2.4, Color::WHITE));
        }
        Mark::Star => {
            let star = |size: f64, color| Item::Area {
                loops: places
                    .iter()
                    .map(|&p| points_of_star(p, size * style.scale))
                    .collect(),
                color,
                opacity: 1.0,
                clip,
            };
            items.push(star(10.0, Color::WHITE));
            items.push(star(7.5, color));
        }
    }
}

fn points_of_star((x, y): (f64, f64), radius: f64) -> Vec<(f64, f64)> {
    (0..10)
        .map(|k| {
            let turn = std::f64::consts::PI * f64::from(k) / 5.0;
            let r = if k % 2 == 0 { radius } else { 0.45 * radius };
            (x + r * turn.sin(), y - r * turn.cos())
        })
        .collect()
}

/// Squares, in five shades by how many points they hold.
fn density(places: &[(f64, f64)], color: Color, style: Style, rect: Rect, items: &mut Vec<Item>) {
    const SHADES: usize = 5;
    let side = (3.0 * style.scale).round().max(2.0);
    let mut counts: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    for &(x, y) in places {
        let cell = |at: f64, from: f64| ((at - from) / side).floor() as i64;
        *counts
            .entry((cell(y, rect.top), cell(x, rect.left)))
            .or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1) as f64;
    let shade = |count: usize| match most > 1.0 {
        true => ((count as f64).ln() / most.ln() * SHADES as f64) as usize,
        false => SHADES - 1,
    };
    for number in 0..SHADES {
        let mut loops: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut run: Option<(i64, i64, i64)> = None;
        let cells = counts
            .iter()
            .filter(|(_, count)| shade(**count).min(SHADES - 1) == number);
        let mut close = |(row, from, to): (i64, i64, i64)| {
            loops.push(corners(&Rect {
                left: rect.left + from as f64 * side,
                top: rect.top + row as f64 * side,
                right: rect.left + (to + 1) as f64 * side,
                bottom: rect.top + (row + 1) as f64 * side,
            }));
        };
        for (&(row, column), _) in cells {
            run = match run {
                Some((r, from, to)) if r == row && to + 1 == column => Some((r, from, column)),
                other => {
                    other.into_iter().for_each(&mut close);
                    Some((row, column, column))
                }
            };
        }
        run.into_iter().for_each(&mut close);
        if !loops.is_empty() {
            items.push(Item::Area {
                loops,
                color,
                opacity: (number + 1) as f64 / SHADES as f64,
                clip: Some(rect),
            });
        }
    }
}

fn arrows(
    frame: &Frame<'_>,
    arrows: &[(f64, f64, f64, f64)],
    color: Color,
    style: Style,
    items: &mut Vec<Item>,
) {
    // Directions in pixels.
    let (width, height) = (frame.rect.width(), frame.rect.height());
    let (dx, dy) = (
        frame.panel.x.range.1 - frame.panel.x.range.0,
        frame.panel.y.range.1 - frame.panel.y.range.0,
    );
    let turned: Vec<((f64, f64), (f64, f64))> = (arrows.iter())
        .map(|&(x, y, right, up)| {
            let direction = (right / dx * width, -up / dy * height);
            (frame.place((x, y)), direction)
        })
        .filter(|(at, d)| frame.rect.contains(*at) && d.0.is_finite() && d.1.is_finite())
        .collect();
    let length = |d: (f64, f64)| d.0.hypot(d.1);
    let longest = turned.iter().map(|(_, d)| length(*d)).fold(0.0, f64::max);
    if longest == 0.0 {
        return;
    }
    let spacing = (width * height / turned.len() as f64).sqrt();
    let (mut shafts, mut heads) = (Vec::new(), Vec::new());
    for ((x, y), d) in turned {
        let size = length(d);
        let part = 0.85 * spacing * size / longest;
        if part < 1.5 {
            continue;
        }
        let (ux, uy) = (d.0 / size, d.1 / size);
        let head = (0.35 * part).clamp(2.0 * style.scale, 6.0 * style.scale);
        let tip = (x + ux * part, y + uy * part);
        let neck = (tip.0 - ux * head, tip.1 - uy * head);
        shafts.push(vec![(x, y), neck]);
        let side = 0.45 * head;
        heads.push(vec![
            tip,
            (neck.0 - uy * side, neck.1 + ux * side),
            (neck.0 + uy * side, neck.1 - ux * side),
        ]);
    }
    let clip = Some(frame.rect);
    items.push(Item::Line {
        runs: shafts,
        color,
        width: 1.2 * style.scale,
        dash: Vec::new(),
        clip,
    });
    items.push(Item::Area {
        loops: heads,
        color,
        opacity: 1.0,
        clip,
    });
}
