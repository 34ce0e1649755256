//! Pictures: read back from what is written, by roads that share nothing with the drawing.

use std::f64::consts::PI;

use dashu_ratio::RBig;
use gradus::plot::{
    Axis, Color, Curves, Dash, Descent, Figure, Fit, Fitted, Function, Grid, Landscape, Layer,
    Mark, Panel, Path, PlotError, Scale, Size, Terminal, contour, curves, descent, fit, landscape,
    sample, ticks,
};
use proptest::prelude::*;

/// No part of the library's face: its exactness cannot be seen in the two decimals of a file.
#[path = "../src/plot/clip.rs"]
#[allow(dead_code)]
mod clip;

// ---- Ticks -----------------------------------------------------------------------------------------------------------

/// `−1.5·10⁻³`, `10²`, `7`
fn number(label: &str) -> f64 {
    let lowered: String = label
        .chars()
        .map(
            |c| match "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == c) {
                Some(digit) => char::from(b'0' + digit as u8),
                None if c == '⁻' || c == '−' => '-',
                None => c,
            },
        )
        .collect();
    let raised = label.chars().any(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c));
    if !raised {
        return lowered.parse().unwrap_or_else(|_| panic!("{label}"));
    }
    let (mantissa, power) = match lowered.split_once('·') {
        Some((mantissa, power)) => (mantissa.parse().unwrap(), power),
        None => (1.0, lowered.as_str()),
    };
    mantissa * 10f64.powi(power.strip_prefix("10").unwrap().parse().unwrap())
}

/// What a label means, with the part that all have in common: `×10⁻⁹ + 2`.
fn meaning(label: &str, common: &str) -> f64 {
    let (factor, rest) = match common.strip_prefix('×') {
        None => (1.0, common),
        Some(text) => match text.split_once(' ') {
            Some((power, rest)) => (number(power), rest),
            None => (number(text), ""),
        },
    };
    let added = match rest.trim() {
        "" => 0.0,
        text => {
            let (sign, size) = text.split_once(' ').expect("a sign and a number");
            let size = match size.split_once('×') {
                Some((mantissa, power)) => number(mantissa) * number(power),
                None => number(size),
            };
            if sign == "+" { size } else { -size }
        }
    };
    number(label) * factor + added
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn ticks_are_round_and_cover_the_axis(
        middle in -1.0f64..1.0,
        size in -14i32..14,
        zoom in -9i32..1,
        most in 4usize..20,
    ) {
        let middle = middle * 10f64.powi(size);
        let half = 10f64.powi(size + zoom);
        let axis = Axis::new("", (middle - half, middle + half), Scale::Linear);
        let (low, high) = axis.range;
        let found = ticks(&axis, most);
        let at: Vec<f64> = found.major.iter().map(|(x, _)| *x).collect();
        prop_assert!(at.len() >= 2 && at.len() <= most + 1, "{found:?}");
        let step = (at[at.len() - 1] - at[0]) / (at.len() - 1) as f64;
        let room = 1e-6 * step;
        prop_assert!(at[0] >= low - room && at[0] - low < step + room, "{found:?}");
        prop_assert!(at[at.len() - 1] <= high + room && high - at[at.len() - 1] < step + room);
        let lead = step / 10f64.powf(step.log10().floor());
        let round = [1.0, 2.0, 5.0, 10.0].iter().any(|r| (lead - r).abs() < 1e-4 * r);
        prop_assert!(round, "steps of {step}");
        for (x, label) in &found.major {
            prop_assert!(label.chars().count() <= 8, "{label} has noise");
            let said = meaning(label, &found.common);
            prop_assert!((said - x).abs() <= 1e-6 * step + 1e-12 * x.abs(), "{label} {} is {said}, not {x}", found.common);
        }
        let mut labels: Vec<&String> = found.major.iter().map(|(_, l)| l).collect();
        labels.dedup();
        prop_assert_eq!(labels.len(), at.len());
    }

    #[test]
    fn logarithmic_ticks_are_decades(first in -30i32..20, decades in 2i32..60, most in 4usize..16) {
        let axis = Axis::new("", (10f64.powi(first), 10f64.powi(first + decades)), Scale::Log);
        let found = ticks(&axis, most);
        prop_assert!(found.major.len() >= 2 && found.major.len() <= 3 * most, "{found:?}");
        for (x, label) in &found.major {
            prop_assert!((number(label) / x - 1.0).abs() < 1e-9, "{label} at {x}");
            let power = x.log10();
            prop_assert!(decades < 3 || (power - power.round()).abs() < 1e-9, "{label}");
        }
    }
}

#[test]
fn ticks_of_known_axes() {
    let labels = |low: f64, high: f64, scale: Scale, most: usize| -> (String, String) {
        let found = ticks(&Axis::new("", (low, high), scale), most);
        let texts: Vec<String> = found.major.into_iter().map(|(_, text)| text).collect();
        (texts.join(" "), found.common)
    };
    let plain = |text: &str| (text.to_owned(), String::new());
    assert_eq!(
        labels(0.0, 1.0, Scale::Linear, 10),
        plain("0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1")
    );
    assert_eq!(
        labels(-1.0, 1.0, Scale::Linear, 4),
        plain("−1 −0.5 0 0.5 1")
    );
    assert_eq!(
        labels(0.0, 2e6, Scale::Linear, 4),
        ("0 0.5 1 1.5 2".to_owned(), "×10⁶".to_owned())
    );
    assert_eq!(
        labels(1.0, 1.0 + 4e-9, Scale::Linear, 5),
        ("0 1 2 3 4".to_owned(), "×10⁻⁹ + 1".to_owned())
    );
    assert_eq!(labels(-PI, PI, Scale::Pi, 5), plain("−π −π/2 0 π/2 π"));
    assert_eq!(
        labels(0.0, 0.1, Scale::Pi, 5),
        plain("0 0.02 0.04 0.06 0.08 0.1")
    );
    assert_eq!(
        labels(1e-3, 1e3, Scale::Log, 8),
        plain("0.001 0.01 0.1 1 10 100 1000")
    );
    assert_eq!(
        labels(1e-8, 1.0, Scale::Log, 4),
        plain("10⁻⁸ 10⁻⁶ 10⁻⁴ 10⁻² 10⁰")
    );
    assert_eq!(labels(1.0, 10.0, Scale::Log, 8), plain("1 2 5 10"));
}

/// Constants, numbers too near to each other, and what is no range at all.
#[test]
fn every_range_becomes_one_that_can_be_drawn() {
    for range in [
        (5.0, 5.0),
        (0.0, 0.0),
        (1.0, 1.0 + 1e-16),
        (3.0, -3.0),
        (f64::NAN, 1.0),
        (f64::NEG_INFINITY, f64::INFINITY),
        (-f64::MAX, f64::MAX),
        (-1e300, 1e300),
        (5e-324, 1e-323),
    ] {
        for scale in [Scale::Linear, Scale::Log, Scale::Pi] {
            let axis = Axis::new("", range, scale);
            let (low, high) = axis.range;
            assert!(
                low < high && low.is_finite() && high.is_finite(),
                "{range:?}: {axis:?}"
            );
            let found = ticks(&axis, 8);
            assert!(
                found.major.iter().all(|(x, _)| x.is_finite()),
                "{range:?}: {found:?}"
            );
            let svg = figure_of(Panel::new(axis.clone(), axis)).svg(Size::default());
            without_nonsense(&svg);
        }
    }
}

// ---- Sampling --------------------------------------------------------------------------------------------------------

fn sampled(f: impl Fn(f64) -> f64, interval: (f64, f64)) -> gradus::plot::Sampled {
    let mut values = |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = f(*x));
    sample(&mut values, interval)
}

/// How many pieces a function has, and where the gaps between them are.
fn gaps(f: impl Fn(f64) -> f64, interval: (f64, f64)) -> Vec<f64> {
    let runs = sampled(f, interval).runs;
    (runs.windows(2))
        .map(|pair| (pair[0].last().unwrap().0 + pair[1][0].0) / 2.0)
        .collect()
}

#[test]
fn poles_and_jumps_are_gaps() {
    let near = |found: Vec<f64>, expected: &[f64]| {
        let right = found.len() == expected.len()
            && (found.iter().zip(expected)).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(right, "{found:?} is not {expected:?}");
    };
    near(gaps(|x| 1.0 / x, (-3.0, 3.0)), &[0.0]);
    near(gaps(|x| 1.0 / x, (-3.1, 3.0)), &[0.0]);
    near(gaps(|x| 1.0 / (x - 0.3).powi(3), (-1.0, 1.0)), &[0.3]);
    near(
        gaps(f64::tan, (-5.0, 5.0)),
        &[-1.5 * PI, -0.5 * PI, 0.5 * PI, 1.5 * PI],
    );
    near(gaps(f64::floor, (-1.5, 1.5)), &[-1.0, 0.0, 1.0]);
    // A pole with a hole around it: both branches reach the hole.
    let hole = |x: f64| if x.abs() < 1e-9 { f64::NAN } else { 0.01 / x };
    near(gaps(hole, (-1.0, 1.1)), &[0.0]);
    let ends: Vec<f64> = (sampled(hole, (-1.0, 1.1)).runs.iter())
        .flat_map(|run| [run[0].1.abs(), run[run.len() - 1].1.abs()])
        .collect();
    assert!(ends[1] > 1e6 && ends[2] > 1e6, "{ends:?}");
    near(
        gaps(|x| if x < 0.1234 { 1.0 } else { 2.0 }, (0.0, 1.0)),
        &[0.1234],
    );
    near(gaps(|x: f64| x.sqrt() + (1.0 - x).sqrt(), (-1.0, 3.0)), &[]);
    near(
        gaps(|x| if x.abs() < 0.5 { f64::NAN } else { x }, (-1.0, 1.0)),
        &[0.0],
    );
    // Steep is no jump, and a bend is none.
    for steep in [1e2, 1e5, 1e8] {
        near(gaps(|x| (steep * (x - 0.1)).atan(), (-1.0, 1.0)), &[]);
    }
    near(gaps(f64::abs, (-1.0, 1.1)), &[]);
    near(gaps(|x| x.powi(9), (-9.0, 9.0)), &[]);
    near(gaps(|x: f64| (30.0 * x).sin(), (-1.0, 1.0)), &[]);
}

#[test]
fn unbounded_functions_are_known() {
    for (bounded, f, interval) in [
        (
            false,
            &(|x: f64| 1.0 / x) as &dyn Fn(f64) -> f64,
            (-3.0, 3.0),
        ),
        (false, &|x: f64| 1.0 / (x * x), (-3.1, 3.0)),
        (false, &f64::tan, (-2.0 * PI, 2.0 * PI)),
        (false, &|x: f64| 1.0 / x, (0.0, 1.0)),
        (true, &|x: f64| x.powi(8), (-3.0, 3.0)),
        (true, &f64::exp, (-3.0, 9.0)),
        (true, &|x: f64| 1.0 / (x * x + 1e-4), (-3.0, 3.0)),
        (true, &|x: f64| (-1e4 * x * x).exp(), (-3.0, 3.0)),
        (true, &f64::ln, (-1.0, 3.0)),
        (true, &|_: f64| 5.0, (-1.0, 3.0)),
    ] {
        assert_eq!(!sampled(f, interval).unbounded, bounded, "{interval:?}");
    }
    // The logarithm ends near zero; how deep the sample fell there says nothing.
    let values = sampled(f64::ln, (-1.0, 3.0)).values;
    let lowest = values
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(0.0, f64::min);
    assert!((-8.0..-4.0).contains(&lowest), "{lowest}");
}

#[test]
fn curves_reach_the_end_of_where_they_are_defined() {
    let runs = sampled(|x: f64| (x - 0.123).sqrt(), (-1.0, 1.0)).runs;
    assert_eq!(runs.len(), 1);
    let (x, y) = runs[0][0];
    assert!((x - 0.123).abs() < 1e-12 && y < 1e-5, "{x} {y}");
    // A hole of one point cannot be seen.
    let runs = sampled(|x| x.sin() / x, (-4.0, 4.0)).runs;
    let widest = runs
        .windows(2)
        .map(|p| p[1][0].0 - p[0].last().unwrap().0)
        .fold(0.0, f64::max);
    assert!(runs.len() <= 2 && widest < 1e-9, "{widest}");
    // A cusp is drawn to its point.
    let runs = sampled(|x: f64| (x - 0.123).powf(0.1), (-1.0, 1.0)).runs;
    assert!(runs[0][0].1 < 0.05, "{:?}", runs[0][0]);
}

/// Next to a hole of one point what a formula gives is often rounding alone: (1 - cos(x))/x^2 is 0 there, and not 1/2.
#[test]
fn rounding_beside_a_hole_is_not_drawn() {
    type Formula = fn(f64) -> f64;
    let formulas: [(f64, f64, Formula); 6] = [
        (0.0, 1.0 / 2.0, |x| (1.0 - x.cos()) / (x * x)),
        (1.0, 1.0 / 2.0, |x| (x.sqrt() - 1.0) / (x - 1.0)),
        (0.0, 1.0, |x| (x.exp() - 1.0) / x),
        (0.0, 1.0 / 6.0, |x| (x - x.sin()) / (x * x * x)),
        (3.0, 1.0 / 3.0, |x| (x / 3.0).ln() / (x - 3.0)),
        (0.0, 1.0 / 2.0, |x| (x.exp() - 1.0 - x) / (x * x)),
    ];
    for (hole, limit, f) in formulas {
        let found = sampled(f, (hole - 2.0, hole + 2.0));
        assert!(!found.unbounded, "{hole}");
        let beside = (found.runs.iter().flatten()).filter(|p| (p.0 - hole).abs() < 0.01);
        for &(x, y) in beside {
            let far = (y - limit).abs() > 0.01 * limit;
            assert!(!far, "at {x} a curve through {limit} is drawn {y} high");
        }
        let widest = (found.runs.windows(2))
            .map(|p| p[1][0].0 - p[0].last().unwrap().0)
            .fold(0.0, f64::max);
        assert!(widest < 4.0 / 800.0, "a gap of {widest} is seen");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Peaks as wide as a 1000th of the interval are drawn to their top.
    #[test]
    fn narrow_peaks_are_found(at in -0.99f64..0.99, width in 0.0005f64..0.1) {
        let found = sampled(|x| 0.5 * x + (-((x - at) / width).powi(2)).exp(), (-1.0, 1.0));
        let top = found.runs.iter().flatten().map(|p| p.1 - 0.5 * p.0).fold(0.0, f64::max);
        prop_assert!(top > 0.98, "a peak of width {width} at {at} is drawn {top} high");
        prop_assert!(!found.unbounded && found.runs.len() == 1);
    }

    /// The line between neighbours leaves a smooth curve by less than a third of a pixel in a picture of 800 x 500.
    #[test]
    fn lines_follow_the_curve(a in 0.1f64..300.0, b in -3.0f64..3.0) {
        let f = |x: f64| (a * x + b).sin() * (1.0 + x);
        let runs = sampled(f, (-1.0, 2.0)).runs;
        prop_assert_eq!(runs.len(), 1);
        for pair in runs[0].windows(2) {
            let middle = (pair[0].0 + pair[1].0) / 2.0;
            let off = (f(middle) - (pair[0].1 + pair[1].1) / 2.0).abs() * 500.0 / 6.0;
            let (right, up) = ((pair[1].0 - pair[0].0) * 800.0 / 3.0, (pair[1].1 - pair[0].1) * 500.0 / 6.0);
            let pixels = off * right / right.hypot(up);
            prop_assert!(pixels < 0.3, "{pixels} at {middle}");
        }
    }
}

// ---- Lines of equal height -------------------------------------------------------------------------------------------

type Map = fn(f64, f64) -> f64;

fn contour_of(f: Map, half: f64, cells: usize, level: f64) -> (gradus::plot::Contour, f64) {
    let even: Vec<f64> = (0..=cells)
        .map(|k| half * (2.0 * k as f64 / cells as f64 - 1.0))
        .collect();
    let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| {
        for k in 0..z.len() {
            z[k] = f(x[k], y[k]);
        }
    };
    let grid = Grid::new(&mut values, even.clone(), even);
    (
        contour(&grid, level, &mut values),
        2.0 * half / cells as f64,
    )
}

/// Twice the area inside a closed line, with its sign: against the clock it is positive.
fn twice_the_area(line: &[(f64, f64)]) -> f64 {
    let next = line.iter().cycle().skip(1);
    line.iter()
        .zip(next)
        .map(|(a, b)| a.0 * b.1 - a.1 * b.0)
        .sum()
}

#[test]
fn lines_of_a_bowl_are_circles() {
    for radius in [0.3, 0.77, 1.3, 1.9] {
        let (found, h) = contour_of(|x, y| x * x + y * y, 2.0, 60, radius * radius);
        assert_eq!(found.lines.len(), 1, "radius {radius}");
        let line = &found.lines[0];
        assert_eq!(line.first(), line.last(), "it is closed");
        for pair in line.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            assert!((a.0.hypot(a.1) - radius).abs() < 1e-4 * h, "{a:?}");
            let middle = ((a.0 + b.0) / 2.0).hypot((a.1 + b.1) / 2.0);
            assert!(radius - middle < h * h / (4.0 * radius) + 1e-9, "{middle}");
        }
        // What is higher lies outside: with it on the left, the line runs with the clock.
        let area = twice_the_area(line) / 2.0;
        assert!(
            (area + PI * radius * radius).abs() < 0.02 * radius * radius + h * h,
            "{area}"
        );
    }
}

#[test]
fn lines_end_at_the_edge_and_at_what_is_not_defined() {
    // A circle that leaves the square on all four sides.
    let (found, _) = contour_of(|x, y| x * x + y * y, 1.0, 40, 1.44);
    assert_eq!(found.lines.len(), 4);
    for line in &found.lines {
        for end in [line[0], line[line.len() - 1]] {
            assert!((end.0.abs() - 1.0).abs() < 1e-9 || (end.1.abs() - 1.0).abs() < 1e-9);
        }
    }
    // The area of what is higher: the four corners.
    let corners: f64 = found
        .areas
        .iter()
        .map(|line| twice_the_area(line).abs() / 2.0)
        .sum();
    let (r, a) = (1.2f64, 1.0f64);
    let inside =
        4.0 * (a * (r * r - a * a).sqrt()) + 2.0 * r * r * (PI / 2.0 - 2.0 * (a / r).acos());
    assert!(
        (corners - (4.0 - inside)).abs() < 2e-3,
        "{corners} {}",
        4.0 - inside
    );
    // Half of the square has no value: the area ends there, to a small part of a cell.
    let (found, h) = contour_of(
        |x, y| if x > 0.03 { y } else { f64::NAN },
        1.0,
        40,
        f64::NEG_INFINITY,
    );
    assert!(found.lines.is_empty());
    let area: f64 = found
        .areas
        .iter()
        .map(|line| twice_the_area(line) / 2.0)
        .sum();
    assert!((area.abs() - 2.0 * 0.97).abs() < 0.02 * h, "{area}");
}

#[test]
fn a_saddle_is_crossed_the_right_way() {
    for level in [-0.2, 0.2] {
        let (found, _) = contour_of(|x, y| x * y, 1.0, 41, level);
        assert_eq!(found.lines.len(), 2, "level {level}");
        for (x, y) in found.lines.concat() {
            assert!((x * y - level).abs() < 1e-6, "{x} {y}");
        }
    }
    // One cell, whose corners lie above and below in turn: the middle decides which of them are joined.
    for (lift, joined) in [(0.5, true), (-0.5, false)] {
        let grid = Grid {
            xs: vec![0.0, 1.0],
            ys: vec![0.0, 1.0],
            values: vec![1.0 + lift, -1.0 + lift, -1.0 + lift, 1.0 + lift],
        };
        let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| {
            for k in 0..z.len() {
                z[k] = (1.0 - 2.0 * x[k]) * (1.0 - 2.0 * y[k]) + lift;
            }
        };
        let found = contour(&grid, 0.0, &mut values);
        assert_eq!(found.areas.len(), if joined { 1 } else { 2 });
        assert_eq!(found.lines.len(), 2);
    }
}

// ---- Pictures, read back ---------------------------------------------------------------------------------------------

fn figure_of(panel: Panel) -> Figure {
    Figure {
        title: "title".into(),
        panels: vec![panel],
    }
}

fn without_nonsense(svg: &str) {
    for word in ["NaN", "inf", "e+", "e-"] {
        let inside = svg.split('"').skip(1).step_by(2).any(|value| {
            !value.contains("DejaVu") && !value.contains("http") && value.contains(word)
        });
        assert!(!inside, "{word} in {svg}");
    }
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next()
}

/// Every text with its place.
fn texts(svg: &str) -> Vec<(String, f64, f64)> {
    (sized_texts(svg).into_iter())
        .map(|(text, x, y, _)| (text, x, y))
        .collect()
}

/// The same with the size of the letters.
fn sized_texts(svg: &str) -> Vec<(String, f64, f64, f64)> {
    (svg.lines().filter(|line| line.starts_with("<text")))
        .map(|line| {
            let at = |name| attribute(line, name).unwrap().parse().unwrap();
            let text = line.split('>').nth(1).unwrap().split('<').next().unwrap();
            (text.to_owned(), at("x"), at("y"), at("font-size"))
        })
        .collect()
}

/// The lines of a colour: each a list of points.
fn lines_of(svg: &str, Color(r, g, b): Color) -> Vec<Vec<(f64, f64)>> {
    let color = format!("#{r:02x}{g:02x}{b:02x}");
    (svg.lines())
        .filter(|line| {
            line.starts_with("<path") && attribute(line, "stroke") == Some(color.as_str())
        })
        .filter(|line| !line.contains("h0"))
        .flat_map(|line| points(attribute(line, "d").unwrap()))
        .collect()
}

fn points(d: &str) -> Vec<Vec<(f64, f64)>> {
    (d.split('M').skip(1))
        .map(|run| {
            let numbers: Vec<f64> = (run.split([' ', 'L', 'Z']))
                .filter(|text| !text.is_empty())
                .map(|text| text.parse().unwrap())
                .collect();
            numbers.chunks(2).map(|p| (p[0], p[1])).collect()
        })
        .collect()
}

/// Where a point of the data stands, found from the numbers beside the axes: an affine map through two labels each.
struct Scales {
    x: (f64, f64),
    y: (f64, f64),
}

impl Scales {
    /// The labels at the bottom share a height, those at the left a right end.
    fn read(svg: &str, x_labels: [&str; 2], y_labels: [&str; 2]) -> Scales {
        let all = sized_texts(svg);
        let lowest = |label: &str| {
            let found = all.iter().filter(|(text, ..)| text == label);
            found
                .max_by(|a, b| a.2.total_cmp(&b.2))
                .expect(label)
                .clone()
        };
        let leftmost = |label: &str| {
            let found = all.iter().filter(|(text, ..)| text == label);
            found
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .expect(label)
                .clone()
        };
        let affine = |labels: [&str; 2], places: [f64; 2]| {
            let [a, b] = labels.map(number);
            let slope = (places[1] - places[0]) / (b - a);
            (slope, places[0] - slope * a)
        };
        Scales {
            x: affine(x_labels, x_labels.map(|label| lowest(label).1)),
            // Numbers stand a third of a letter below their tick.
            y: affine(
                y_labels,
                y_labels.map(|label| {
                    let (_, _, y, size) = leftmost(label);
                    y - 0.36 * size
                }),
            ),
        }
    }

    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.0 * x + self.x.1, self.y.0 * y + self.y.1)
    }
}

fn near(a: (f64, f64), b: (f64, f64)) -> bool {
    (a.0 - b.0).abs() < 0.6 && (a.1 - b.1).abs() < 0.6
}

fn curve(f: impl Fn(f64) -> f64, interval: (f64, f64), how: &Curves) -> Result<Figure, PlotError> {
    let mut values = |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = f(*x));
    let mut functions = [Function {
        name: "f".into(),
        values: &mut values,
    }];
    curves("title < & >", &mut functions, interval, how)
}

#[test]
fn a_curve_stands_where_its_axes_say() {
    let how = Curves {
        x: "time (s)".into(),
        y: "height (m)".into(),
        ..Curves::default()
    };
    let figure = curve(|x| x * x * x - 2.0 * x, (-2.0, 2.0), &how).unwrap();
    let svg = figure.svg(Size::default());
    without_nonsense(&svg);
    assert_eq!(
        svg,
        figure.svg(Size::default()),
        "the same figure, the same text"
    );
    let all: Vec<String> = texts(&svg).into_iter().map(|(text, _, _)| text).collect();
    for text in [
        "time (s)",
        "height (m)",
        "title &lt; &amp; &gt;",
        "−2",
        "0",
        "2",
    ] {
        assert!(all.contains(&text.to_owned()), "{text} is not in {all:?}");
    }
    let scales = Scales::read(&svg, ["−2", "2"], ["−4", "2"]);
    let lines = lines_of(&svg, Color::of_series(0));
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert!(near(line[0], scales.place(-2.0, -4.0)), "{:?}", line[0]);
    assert!(near(line[line.len() - 1], scales.place(2.0, 4.0)));
    // The bumps, too: the highest point left of 0, the lowest right of it.
    let middle = scales.place(0.0, 0.0).0;
    let top = line
        .iter()
        .filter(|p| p.0 < middle)
        .map(|p| p.1)
        .fold(f64::MAX, f64::min);
    let bump = (2.0f64 / 3.0).sqrt();
    let expected = scales.place(-bump, -bump.powi(3) + 2.0 * bump).1;
    assert!((top - expected).abs() < 0.6, "{top} {expected}");
}

#[test]
fn a_pole_is_no_vertical_line() {
    for interval in [(-3.0, 3.0), (-3.1, 3.0), (-2.0, 5.0)] {
        let svg = curve(|x| 1.0 / x, interval, &Curves::default())
            .unwrap()
            .svg(Size::default());
        without_nonsense(&svg);
        let lines = lines_of(&svg, Color::of_series(0));
        assert_eq!(lines.len(), 2, "{interval:?}");
        let heights: Vec<f64> = lines.concat().iter().map(|p| p.1).collect();
        let middle = (heights.iter().copied().fold(f64::MAX, f64::min)
            + heights.iter().copied().fold(f64::MIN, f64::max))
            / 2.0;
        for line in &lines {
            for pair in line.windows(2) {
                let crosses = (pair[0].1 - middle) * (pair[1].1 - middle) < 0.0;
                let high = (pair[0].1 - pair[1].1).abs() > 200.0;
                assert!(!(crosses && high), "{pair:?}");
            }
        }
        // What is seen is a picture of 1/x and not of its pole: at x = 1 it is well above 0.
        let scales = Scales::read(&svg, ["1", "2"], ["0", "2"]);
        let (one, zero) = (scales.place(1.0, 1.0).1, scales.place(1.0, 0.0).1);
        assert!(zero - one > 15.0, "{zero} {one}");
    }
}

/// That a derivative has no bound takes nothing from the curve that has one.
#[test]
fn a_curve_beside_a_pole_is_seen_whole() {
    let mut root = |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = x.cbrt());
    let mut slope = |x: &[f64], y: &mut [f64]| {
        y.iter_mut()
            .zip(x)
            .for_each(|(y, x)| *y = x.powf(-2.0 / 3.0) / 3.0);
    };
    let mut functions = [
        Function {
            name: "f".into(),
            values: &mut root,
        },
        Function {
            name: "f′".into(),
            values: &mut slope,
        },
    ];
    let figure = curves("", &mut functions, (0.0, 1.0), &Curves::default()).unwrap();
    let (low, high) = figure.panels[0].y.range;
    assert!(low <= 0.0 && (1.0..20.0).contains(&high), "{low} {high}");
}

#[test]
fn the_legend_covers_no_curve() {
    let shapes: [fn(f64) -> f64; 6] = [
        |x| x,
        |x| -x,
        |x| x * x,
        |x| -x * x,
        f64::abs,
        |x| (9.0 * x).sin(),
    ];
    for f in shapes {
        for g in shapes {
            let mut one =
                |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = f(*x));
            let mut two =
                |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = g(*x));
            let mut functions = [
                Function {
                    name: "the first one".into(),
                    values: &mut one,
                },
                Function {
                    name: "the other one".into(),
                    values: &mut two,
                },
            ];
            let figure = curves("", &mut functions, (-1.0, 1.0), &Curves::default()).unwrap();
            let svg = figure.svg(Size::default());
            let names: Vec<_> = (texts(&svg).into_iter())
                .filter(|t| t.0.contains("one"))
                .collect();
            assert_eq!(names.len(), 2);
            for number in 0..2 {
                let lines = lines_of(&svg, Color::of_series(number));
                // The last one is the sample of the legend itself.
                assert!(lines.len() >= 2);
                for &(x, y) in lines[..lines.len() - 1].iter().flatten() {
                    for (_, left, base) in &names {
                        let covers =
                            x > left - 34.0 && x < left + 90.0 && y < base + 4.0 && y > base - 12.0;
                        assert!(!covers, "the name at {left}, {base} covers {x}, {y}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_logarithmic_picture_of_a_power_is_a_straight_line() {
    let how = Curves {
        x_scale: Scale::Log,
        y_scale: Scale::Log,
        ..Curves::default()
    };
    let svg = curve(|x| x.powf(-1.5), (1e-2, 1e4), &how)
        .unwrap()
        .svg(Size::default());
    let line = &lines_of(&svg, Color::of_series(0))[0];
    let (a, b) = (line[0], line[line.len() - 1]);
    for p in line {
        let t = (p.0 - a.0) / (b.0 - a.0);
        assert!((a.1 + t * (b.1 - a.1) - p.1).abs() < 0.3, "{p:?}");
    }
    assert_eq!(line.len(), 2, "and needs two points");
    let label = |text: &str| texts(&svg).into_iter().find(|t| t.0 == text).expect(text);
    assert!((label("10000").1 - b.0).abs() < 0.6, "{b:?}");
    let decade = (label("10⁻⁶").2 - label("10⁰").2) / 6.0;
    assert!((b.1 - (label("10⁻⁶").2 - 4.7)).abs() < 0.6, "{b:?}");
    assert!((b.1 - a.1 - 9.0 * decade).abs() < 1.0, "{a:?} {b:?}");
    // Where the value is not positive there is nothing.
    let how = Curves {
        y_scale: Scale::Log,
        ..Curves::default()
    };
    let svg = curve(|x| x, (-1.0, 1.0), &how)
        .unwrap()
        .svg(Size::default());
    without_nonsense(&svg);
    let negative = curve(|x| -x * x, (-1.0, 1.0), &how).unwrap_err();
    assert!(negative.to_string().contains("above 0"), "{negative}");
    // Beyond all that numbers can say on one side, and nothing on the other.
    let figure = curve(|x| x.recip().exp(), (-1.0, 1.0), &how).unwrap();
    let (low, high) = figure.panels[0].y.range;
    assert!(low < 1e-5 && high > 1e5, "{low:e} {high:e}");
    let figure = curve(|x| (690.0 * x).exp(), (-1.0, 1.0), &how).unwrap();
    let (low, high) = figure.panels[0].y.range;
    assert!(low < 1e-295 && high > 1e295, "{low:e} {high:e}");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let how = Curves::default();
    assert_eq!(curve(|_| f64::NAN, (0.0, 1.0), &how), Err(PlotError::Empty));
    for interval in [
        (1.0, 1.0),
        (1.0, 0.0),
        (0.0, f64::INFINITY),
        (1.0, 1.0 + 1e-16),
    ] {
        assert_eq!(
            curve(|x| x, interval, &how),
            Err(PlotError::Interval),
            "{interval:?}"
        );
    }
    let log = Curves {
        x_scale: Scale::Log,
        ..Curves::default()
    };
    assert_eq!(curve(|x| x, (0.0, 1.0), &log), Err(PlotError::Log));
    assert_eq!(Size::new(100, 600), Err(PlotError::Size));
    assert_eq!(Size::new(800, 100_000), Err(PlotError::Size));
    // Huge and tiny values, and a single finite one, are drawn.
    for f in [
        |x: f64| 1e300 * x,
        |x: f64| 1e-300 * x,
        |x: f64| if x == 0.0 { 1.0 } else { f64::NAN },
        |x: f64| if x > 0.5 { f64::MAX } else { -f64::MAX },
        |x: f64| if x > 0.5 { f64::INFINITY } else { x },
    ] {
        without_nonsense(&curve(f, (-1.0, 1.0), &how).unwrap().svg(Size::default()));
    }
}

// ---- Clipping --------------------------------------------------------------------------------------------------------

const FRAME: clip::Rect = clip::Rect {
    left: 53.0,
    top: 29.5,
    right: 788.0,
    bottom: 566.25,
};

/// Numbers of all sizes, and of all signs.
fn coordinate() -> impl Strategy<Value = f64> {
    let far = (-1.0f64..1.0, 0..=308).prop_map(|(x, size)| x * 10f64.powi(size));
    prop_oneof![far, 0.0f64..800.0]
}

fn point() -> impl Strategy<Value = (f64, f64)> {
    (coordinate(), coordinate())
}

/// The part of a segment within the frame, in fractions.
fn exactly(a: (f64, f64), b: (f64, f64)) -> Option<[(f64, f64); 2]> {
    let exact = |x: f64| RBig::try_from(x).expect("finite");
    let (from, to) = ((exact(a.0), exact(a.1)), (exact(b.0), exact(b.1)));
    let step = (&to.0 - &from.0, &to.1 - &from.1);
    let (mut enter, mut leave) = (RBig::ZERO, RBig::ONE);
    for (start, step, low, high) in [
        (&from.0, &step.0, FRAME.left, FRAME.right),
        (&from.1, &step.1, FRAME.top, FRAME.bottom),
    ] {
        let rooms = [exact(low) - start, exact(high) - start];
        if *step == RBig::ZERO {
            if rooms[0] > RBig::ZERO || rooms[1] < RBig::ZERO {
                return None;
            }
            continue;
        }
        let [one, other] = rooms.map(|room| room / step);
        let (first, last) = if one < other {
            (one, other)
        } else {
            (other, one)
        };
        enter = enter.max(first);
        leave = leave.min(last);
    }
    let at = |t: RBig| {
        let x = &from.0 + &t * &step.0;
        let y = &from.1 + &t * &step.1;
        (x.to_f64().value(), y.to_f64().value())
    };
    (enter <= leave).then(|| [at(enter), at(leave)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// However far away the ends are, what is drawn of a line lies within, and where it should.
    #[test]
    fn segments_are_cut_at_the_edge(a in point(), b in point(), inner in (0.0f64..1.0, 0.0f64..1.0), aimed in 0usize..3) {
        // Few lines between points anywhere meet the frame: most are aimed at it.
        let inner = (FRAME.left + inner.0 * FRAME.width(), FRAME.top + inner.1 * FRAME.height());
        let beyond = |a: f64, inner: f64| inner - 0.7 * (a - inner);
        let b = [b, inner, (beyond(a.0, inner.0), beyond(a.1, inner.1))][aimed];
        let found = clip::line(&[a, b], &FRAME);
        for &p in found.iter().flatten() {
            prop_assert!(FRAME.contains(p), "{p:?} of {a:?} to {b:?}");
        }
        // Through a corner, or nearly along an edge, the last bit decides.
        let room = 1e-6 * FRAME.width();
        match (exactly(a, b), &found[..]) {
            (None, []) => {}
            (Some([from, to]), [run]) => {
                prop_assert_eq!(run.len(), 2);
                for (p, q) in [(run[0], from), (run[1], to)] {
                    let off = (p.0 - q.0).hypot(p.1 - q.1);
                    prop_assert!(off < room, "{p:?} is not {q:?} of {a:?} to {b:?}");
                }
            }
            (Some([from, to]), []) => {
                prop_assert!((from.0 - to.0).hypot(from.1 - to.1) < room, "{a:?} to {b:?} is lost");
            }
            (None, found) => prop_assert!(
                found.iter().all(|run| distance(run[0], run[1], run[1]) < room),
                "{a:?} to {b:?} misses the frame"
            ),
            (_, found) => prop_assert!(false, "{found:?}"),
        }
    }

    /// Long lines and areas, too, with corners that have no place at all.
    #[test]
    fn lines_and_areas_stay_within(
        points in prop::collection::vec(
            (
                prop_oneof![8 => coordinate(), 1 => Just(f64::INFINITY), 1 => Just(f64::NEG_INFINITY)],
                prop_oneof![8 => coordinate(), 1 => Just(f64::INFINITY), 1 => Just(f64::NAN)],
            ),
            0..200,
        )
    ) {
        let drawn = clip::line(&points, &FRAME).concat();
        for p in drawn.into_iter().chain(clip::area(&points, &FRAME)) {
            prop_assert!(FRAME.contains(p), "{p:?}");
        }
    }
}

/// Poles whose branches are drawn to 1e300: no panic, no picture that never ends, and no line across it.
#[test]
fn steep_poles_are_drawn() {
    type Formula = fn(f64) -> f64;
    let formulas: [(Formula, (f64, f64)); 6] = [
        (|x| x.powi(-5), (-3.0, 3.0)),
        (|x| 2.0 * x.powi(-3), (-2.0, 2.0)),
        (|r| 4.0 * (r.powi(-12) - r.powi(-6)), (0.0, 3.0)),
        (|x| x.powi(-4), (0.0, 1.0)),
        (|x| x.recip().exp(), (-1.0, 1.0)),
        (|x| (6.0 * x * x + 2.0) / (x * x - 1.0).powi(3), (-3.0, 3.0)),
    ];
    let small = Size::new(560, 420).unwrap();
    for (k, (f, interval)) in formulas.into_iter().enumerate() {
        let figure = curve(f, interval, &Curves::default()).unwrap();
        for size in [Size::default(), small] {
            let svg = figure.svg(size);
            without_nonsense(&svg);
            let (width, height) = (f64::from(size.width()), f64::from(size.height()));
            let lines = lines_of(&svg, Color::of_series(0));
            assert!(!lines.is_empty(), "formula {k} is not drawn");
            for &(x, y) in lines.iter().flatten() {
                let inside = (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
                assert!(inside, "formula {k} is drawn at {x}, {y}");
            }
            for pair in lines.iter().flat_map(|line| line.windows(2)) {
                let across = (pair[0].1 - pair[1].1).abs() > 0.9 * height;
                assert!(!across, "formula {k}: {pair:?}");
            }
            #[cfg(feature = "png")]
            assert!(figure.png(size).starts_with(b"\x89PNG"));
        }
        let terminal = Terminal {
            columns: 80,
            rows: 24,
            color: false,
        };
        assert!(figure.terminal(terminal).contains('┤'));
    }
}

// ---- Descents --------------------------------------------------------------------------------------------------------

const PATH: Color = Color(0xd5, 0x5e, 0x00);

/// Gradient descent on x² + 3y² from (3, 1), which is no place that a swapped one could be taken for.
fn bowl(steps: u64) -> (Path, (f64, f64)) {
    let (mut x, mut y, mut path) = (3.0f64, 1.0f64, Path::default());
    for k in 0..steps {
        path.keep(k, &[x, y], x * x + 3.0 * y * y, (2.0 * x).hypot(6.0 * y));
        (x, y) = (x - 0.1 * 2.0 * x, y - 0.1 * 6.0 * y);
    }
    path.end(&[x, y], x * x + 3.0 * y * y);
    (path, (x, y))
}

fn bowl_picture(steps: u64, size: Size) -> String {
    let (path, _) = bowl(steps);
    let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| {
        for k in 0..z.len() {
            z[k] = x[k] * x[k] + 3.0 * y[k] * y[k];
        }
    };
    let names = ["x".to_owned(), "y".to_owned()];
    let figure = descent("x² + 3y²", &path, Descent::Two(names, &mut values), size);
    figure.unwrap().svg(size)
}

#[test]
fn a_path_begins_and_ends_where_it_should() {
    let svg = bowl_picture(30, Size::default());
    without_nonsense(&svg);
    // The map alone: its labels are those of the left panel.
    let narrow = bowl_picture(30, Size::new(600, 600).unwrap());
    let scales = Scales::read(&narrow, ["0", "3"], ["0", "1"]);
    let lines = lines_of(&narrow, PATH);
    let path = &lines[0];
    let (_, end) = bowl(30);
    assert!(
        near(path[0], scales.place(3.0, 1.0)),
        "{:?} {:?}",
        path[0],
        scales.place(3.0, 1.0)
    );
    let last = path[path.len() - 1];
    let expected = scales.place(end.0, end.1);
    assert!(
        (last.0 - expected.0).abs() < 1.5 && (last.1 - expected.1).abs() < 1.5,
        "{last:?} {expected:?}"
    );
    // The second step: (2.4, 0.4).
    assert!(
        path.iter().any(|&p| near(p, scales.place(2.4, 0.4))),
        "{path:?}"
    );
    for text in ["path", "start", "end"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text}");
    }
    assert!(svg.contains(">gradient norm</text>") && !narrow.contains(">gradient norm</text>"));
}

#[test]
fn convergence_falls_by_decades() {
    let (path, _) = bowl(40);
    let figure = descent("many", &path, Descent::Many, Size::default()).unwrap();
    let svg = figure.svg(Size::default());
    let lines = lines_of(&svg, Color::of_series(2));
    let norm = &lines[0];
    assert!(norm.windows(2).all(|p| p[1].1 > p[0].1), "it goes down");
    // At the end the norm falls by a factor of 0.8 a step: so many pixels, by the numbers beside the axis.
    let place = |label: &str| texts(&svg).into_iter().find(|t| t.0 == label).expect(label);
    let decade = (place("10⁻²").2 - place("10⁰").2) / 2.0;
    let step = (place("20").1 - place("0").1) / 20.0;
    let (a, b) = (norm[norm.len() - 2], norm[norm.len() - 1]);
    let slope = (b.1 - a.1) / decade / ((b.0 - a.0) / step);
    assert!((slope + 0.8f64.log10()).abs() < 2e-3, "{slope}");
    assert!(texts(&svg).iter().any(|t| t.0 == "step"));
}

/// A million steps: memory and files stay small, and nothing that can be seen is lost.
#[test]
fn long_paths_are_thinned() {
    let mut path = Path::default();
    let steps = 1_000_000u64;
    let at = |k: u64| {
        let t = k as f64 / steps as f64;
        let turn = 40.0 * PI * t;
        ((1.0 - t) * turn.cos(), (1.0 - t) * turn.sin())
    };
    for k in 0..=steps {
        let (x, y) = at(k);
        path.keep(k, &[x, y], x.hypot(y), 1.0);
    }
    path.end(&[0.0, 0.0], 0.0);
    let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| {
        for k in 0..z.len() {
            z[k] = x[k].hypot(y[k]);
        }
    };
    let size = Size::new(600, 600).unwrap();
    let names = ["x".to_owned(), "y".to_owned()];
    let svg = descent("spiral", &path, Descent::Two(names, &mut values), size)
        .unwrap()
        .svg(size);
    assert!(svg.len() < 150_000, "{} bytes", svg.len());
    let scales = Scales::read(&svg, ["0", "1"], ["0", "1"]);
    let line = &lines_of(&svg, PATH)[0];
    assert!(near(line[0], scales.place(1.0, 0.0)));
    // Every point of the way lies within a pixel of what is drawn.
    for k in (0..steps).step_by(9973) {
        let (x, y) = at(k);
        let p = scales.place(x, y);
        let distance = line
            .windows(2)
            .map(|s| distance(p, s[0], s[1]))
            .fold(f64::MAX, f64::min);
        assert!(distance < 1.0, "step {k} is {distance} pixels off");
    }
}

fn distance(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = (dx * dx + dy * dy).max(1e-300);
    let t = (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / square).clamp(0.0, 1.0);
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

#[test]
fn a_descent_that_runs_off_shows_its_beginning() {
    let (mut x, mut path) = (10.0f64, Path::default());
    for k in 0.. {
        let value = x * x;
        if !value.is_finite() {
            break;
        }
        path.keep(k, &[x], value, 2.0 * x.abs());
        x *= -2.0;
    }
    path.end(&[10.0], 100.0);
    let mut values = |x: &[f64], y: &mut [f64]| y.iter_mut().zip(x).for_each(|(y, x)| *y = x * x);
    let figure = descent(
        "x²",
        &path,
        Descent::One("x".into(), &mut values),
        Size::default(),
    )
    .unwrap();
    without_nonsense(&figure.svg(Size::default()));
    let (low, high) = figure.panels[0].x.range;
    assert!(low > -5000.0 && high < 5000.0, "{low} {high}");
}

// ---- Maps and fits ---------------------------------------------------------------------------------------------------

fn map_of(f: Map) -> Panel {
    let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| {
        for k in 0..z.len() {
            z[k] = f(x[k], y[k]);
        }
    };
    let mut how = Landscape::default();
    let figure = landscape("", &mut values, (-1.0, 1.0), (-1.0, 1.0), &mut how).unwrap();
    figure.panels[0].clone()
}

/// A pole with two signs: levels are where the values are, and none is drawn along the pole.
#[test]
fn a_map_of_a_pole_shows_what_lies_beside_it() {
    let maps: [(Map, Map); 3] = [
        (|x, y| 1.0 / (x * y), |x, y| x.abs().min(y.abs())),
        (|x, y| 1.0 / (x - y), |x, y| (x - y).abs()),
        (|x, y| x / y, |_, y| y.abs()),
    ];
    for (k, (f, from_pole)) in maps.into_iter().enumerate() {
        let panel = map_of(f);
        let levels: Vec<f64> = panel.bar[1..].iter().map(|(level, _)| *level).collect();
        assert!((5..=25).contains(&levels.len()), "map {k}: {levels:?}");
        // A box of the bar is no larger than half of the map.
        let values: Vec<f64> = (0..10_000)
            .map(|k| {
                f(
                    (k % 100) as f64 / 50.0 - 0.991,
                    (k / 100) as f64 / 50.0 - 0.987,
                )
            })
            .collect();
        for pair in levels.windows(2) {
            let within = values.iter().filter(|v| (pair[0]..pair[1]).contains(v));
            assert!(within.count() < 5000, "map {k}: {pair:?}");
        }
        for layer in &panel.layers {
            let Layer::Line { runs, .. } = layer else {
                continue;
            };
            assert!(!runs.is_empty());
            let along = |p: &[(f64, f64)]| {
                let far = (p[0].0 - p[1].0).hypot(p[0].1 - p[1].1);
                far > 0.1 && p.iter().all(|p| from_pole(p.0, p.1) < 1e-4)
            };
            // Long lines have short steps: look at the ends of ten of them.
            let on_pole = (runs.iter())
                .flat_map(|run| run.windows(30))
                .any(|w| along(&[w[0], w[29]]) && w.iter().all(|p| from_pole(p.0, p.1) < 1e-4));
            // Where two poles cross, short pieces of lines still lie along them.
            assert!(!on_pole || k == 0, "map {k} has a line on its pole");
        }
    }
}

/// Of a map of few values, the bar shows these.
#[test]
fn a_map_of_plateaus_names_them() {
    let maps: [(Map, &[f64]); 4] = [
        (|x, y| if x > y { 1.0 } else { 0.0 }, &[0.0, 1.0]),
        (|x, _| x.signum() + 2.0, &[1.0, 3.0]),
        (
            |x, y| (2.0 * x).floor() + (y + 1.5).floor().min(1.0),
            &[-2.0, -1.0, 0.0, 1.0, 2.0, 3.0],
        ),
        (|_, _| 7.0, &[7.0]),
    ];
    for (f, expected) in maps {
        let panel = map_of(f);
        let named: Vec<f64> = panel.bar.iter().map(|(level, _)| *level).collect();
        assert_eq!(named, expected);
    }
    let svg = figure_of(map_of(|_, _| 7.0)).svg(Size::default());
    assert!(svg.contains(">7</text>"));
}

#[test]
fn a_map_has_levels_that_show_the_valley() {
    let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| {
        for k in 0..z.len() {
            z[k] = (1.0 - x[k]).powi(2) + 100.0 * (y[k] - x[k] * x[k]).powi(2);
        }
    };
    let mut how = Landscape::default();
    let figure = landscape("valley", &mut values, (-2.0, 2.0), (-1.0, 3.0), &mut how).unwrap();
    let levels: Vec<f64> = figure.panels[0].bar.iter().skip(1).map(|b| b.0).collect();
    assert!(
        levels.len() >= 6 && levels[0] <= 1.0 && levels[levels.len() - 1] >= 500.0,
        "{levels:?}"
    );
    let svg = figure.svg(Size::default());
    without_nonsense(&svg);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    // A slope has even levels, and arrows point up it.
    let mut slope = |x: &[f64], _: &[f64], z: &mut [f64]| z.copy_from_slice(x);
    let mut gradient = |_: &[f64], _: &[f64], a: &mut [f64], b: &mut [f64]| {
        a.fill(1.0);
        b.fill(0.0);
    };
    let mut how = Landscape {
        gradient: Some(&mut gradient),
        ..Landscape::default()
    };
    let figure = landscape("slope", &mut slope, (0.0, 1.0), (0.0, 1.0), &mut how).unwrap();
    let levels: Vec<f64> = figure.panels[0].bar.iter().skip(1).map(|b| b.0).collect();
    let step = levels[1] - levels[0];
    assert!(
        levels
            .windows(2)
            .all(|p| (p[1] - p[0] - step).abs() < 1e-12),
        "{levels:?}"
    );
    let arrows = figure.panels[0]
        .layers
        .iter()
        .find_map(|layer| match layer {
            Layer::Arrows { arrows, .. } => Some(arrows),
            _ => None,
        });
    assert!(arrows.unwrap().iter().all(|a| a.2 > 0.0 && a.3 == 0.0));
    let mut nothing = |_: &[f64], _: &[f64], z: &mut [f64]| z.fill(f64::NAN);
    let empty = landscape(
        "",
        &mut nothing,
        (0.0, 1.0),
        (0.0, 1.0),
        &mut Landscape::default(),
    );
    assert_eq!(empty, Err(PlotError::Empty));
}

#[test]
fn a_fit_shows_data_curve_bands_and_residuals() {
    let at: Vec<f64> = (0..12).map(f64::from).collect();
    let fitted: Vec<f64> = at.iter().map(|x| 2.0 * x + 1.0).collect();
    let observed: Vec<f64> = (fitted.iter().enumerate())
        .map(|(k, y)| y + if k % 2 == 0 { 0.5 } else { -0.5 })
        .collect();
    let mut line = |x: &[f64], y: &mut [f64]| {
        y.iter_mut().zip(x).for_each(|(y, x)| *y = 2.0 * x + 1.0);
    };
    let mut widths = |_: &[f64], a: &mut [f64], b: &mut [f64]| {
        a.fill(0.3);
        b.fill(1.1);
    };
    let picture = fit(
        "y = a·x + b",
        Fit {
            y: "y".into(),
            observed: &observed,
            fitted: &fitted,
            model: Fitted::Curve {
                x: "x".into(),
                at: &at,
                values: &mut line,
                bands: Some(("95 %".into(), &mut widths)),
            },
        },
    )
    .unwrap();
    let svg = picture.svg(Size::default());
    without_nonsense(&svg);
    for text in [
        "data",
        "fit",
        "95 % confidence",
        "95 % prediction",
        "residual",
        "x",
        "y",
    ] {
        assert!(texts(&svg).iter().any(|t| t.0 == text), "{text}");
    }
    assert_eq!(
        svg.matches("fill-opacity").count(),
        2 + 2 + 1,
        "bands, their samples, the legend's ground"
    );
    // Residuals alternate around zero, below the data and with their numbers.
    let residuals = match &picture.panels[1].layers[1] {
        Layer::Points { points, .. } => points.clone(),
        other => panic!("{other:?}"),
    };
    assert!(
        residuals
            .iter()
            .enumerate()
            .all(|(k, p)| (p.1.abs() - 0.5).abs() < 1e-12 && (p.1 > 0.0) == (k % 2 == 0))
    );
    // With several predictors: measured against fitted.
    let several = Fit {
        y: "y".into(),
        observed: &observed,
        fitted: &fitted,
        model: Fitted::Values,
    };
    let svg = fit("", several).unwrap().svg(Size::default());
    assert!(svg.contains(">y, observed</text>") && svg.contains(">residual</text>"));
    // A perfect fit, and one point.
    for count in [12, 1] {
        let perfect = Fit {
            y: "y".into(),
            observed: &fitted[..count],
            fitted: &fitted[..count],
            model: Fitted::Curve {
                x: "x".into(),
                at: &at[..count],
                values: &mut line,
                bands: None,
            },
        };
        without_nonsense(&fit("", perfect).unwrap().svg(Size::default()));
    }
}

#[test]
fn many_points_make_no_large_file() {
    let mut state = 1u64;
    let mut random = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let points: Vec<(f64, f64)> = (0..100_000)
        .map(|_| (random(), random() + random()))
        .collect();
    let mut panel = Panel::new(
        Axis::new("x", (0.0, 1.0), Scale::Linear),
        Axis::new("y", (0.0, 2.0), Scale::Linear),
    );
    panel.layers.push(Layer::Points {
        points,
        color: Color::of_series(0),
        mark: Mark::Dot,
        name: Some("points".into()),
    });
    let svg = figure_of(panel).svg(Size::default());
    assert!(svg.len() < 1_500_000, "{} bytes", svg.len());
}

// ---- Other formats ---------------------------------------------------------------------------------------------------

#[cfg(feature = "png")]
#[test]
fn a_png_shows_what_the_svg_says() {
    let how = Curves {
        y_range: Some((0.0, 1.0)),
        ..Curves::default()
    };
    let figure = curve(|x| x, (0.0, 1.0), &how).unwrap();
    let size = Size::new(400, 300).unwrap();
    let bytes = figure.png(size);
    let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height, info.line_size), (400, 300, 1200));
    let pixel = |(x, y): (f64, f64)| {
        let at = 3 * (y as usize * 400 + x as usize);
        Color(pixels[at], pixels[at + 1], pixels[at + 2])
    };
    let svg = figure.svg(size);
    let scales = Scales::read(&svg, ["0", "1"], ["0", "1"]);
    // On the curve it is blue, above and below it not.
    for t in [0.13, 0.37, 0.62, 0.88] {
        let (x, y) = scales.place(t, t);
        let blue = |Color(r, _, b): Color| i32::from(b) - i32::from(r) > 80;
        let near = (-2..=2).any(|dy| blue(pixel((x, y + f64::from(dy)))));
        assert!(near, "at {t}");
        for off in [0.08, -0.08] {
            assert!(!blue(pixel(scales.place(t, t + off))), "at {t} {off}");
        }
    }
    // There are letters: dark pixels below the frame.
    let (_, bottom) = scales.place(0.0, 0.0);
    let dark = (0..400)
        .flat_map(|x| (bottom as usize + 6..290).map(move |y| (x as f64, y as f64)))
        .filter(|&p| pixel(p).0 < 100)
        .count();
    assert!(dark > 20, "{dark}");
}

#[test]
fn a_terminal_shows_the_curve() {
    let how = Curves {
        x: "x".into(),
        ..Curves::default()
    };
    let figure = curve(|x| x * x, (-2.0, 2.0), &how).unwrap();
    let terminal = Terminal {
        columns: 44,
        rows: 16,
        color: false,
    };
    let expected = "\
\x20               title < & >
 4┤⣆                                       ⣰
  │⠘⢆                                     ⡰⠃
  │ ⠈⢧⡀                                 ⢀⡼⠁
  │   ⠳⡄                               ⢠⠞
  │    ⠙⢦                             ⡴⠋
 2┤      ⠳⣄                         ⣠⠞
  │       ⠈⠳⣄                     ⣠⠞⠁
  │         ⠈⠳⣄⡀               ⢀⣠⠞⠁
  │            ⠙⠲⣄⡀         ⢀⣠⠖⠋
 0┤⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄⠉⠝⠒⠖⠦⠤⠴⠖⠒⠏⠉⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄ ⠄
  └┬─────────┬─────────┬─────────┬─────────┬
  −2        −1         0         1         2
                       x
";
    let found = figure.terminal(terminal);
    assert_eq!(found, expected, "\n{found}");
    let colored = Terminal {
        color: true,
        ..terminal
    };
    assert!(figure.terminal(colored).contains("\u{1b}[38;2;0;114;178m"));
    assert!(!found.contains('\u{1b}'));
    // However narrow or wide: no line is longer than the terminal, or than the least that has room.
    for columns in [0, 1, 24, 80, 299, 10_000] {
        let text = figure.terminal(Terminal {
            columns,
            rows: 9,
            color: false,
        });
        let longest = text.lines().map(|l| l.chars().count()).max().unwrap();
        assert!(
            longest <= columns.clamp(24, 300) + 2,
            "{columns}: {longest}"
        );
    }
    // Without colours two curves are told apart by letters.
    let bowl = bowl(30).0;
    let many = descent("bowl", &bowl, Descent::Many, Size::default()).unwrap();
    let text = many.terminal(terminal);
    assert!(
        text.contains("⣀a⣀ value − lowest") && text.contains("⣀b⣀ gradient norm"),
        "{text}"
    );
    assert!(
        text.matches('a').count() > 4 && text.matches('b').count() > 1,
        "{text}"
    );
    assert!(many.terminal(colored).contains("⣀⣀\u{1b}[0m gradient norm"));
}

/// Control characters, letters without a shape, and long texts.
/// Whatever stands in a figure, its picture in characters has so many of them, and is soon done.
#[test]
fn a_terminal_is_no_larger_than_its_cells() {
    let axis = || Axis::new("", (0.0, 1.0), Scale::Linear);
    let terminal = Terminal {
        columns: 60,
        rows: 20,
        color: false,
    };
    let drawn = |layer: Layer| {
        let mut panel = Panel::new(axis(), axis());
        panel.layers.push(layer);
        figure_of(panel).terminal(terminal)
    };
    let sizes = [
        0.3,
        -5.0,
        1e20,
        -1e20,
        1e300,
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    let points: Vec<(f64, f64)> = (sizes.iter())
        .flat_map(|&x| sizes.map(|y| (x, y)))
        .collect();
    let arrows = |arrows: Vec<(f64, f64, f64, f64)>| Layer::Arrows {
        arrows,
        color: Color::of_series(0),
        name: None,
    };
    let everywhere = (points.iter())
        .flat_map(|&(x, y)| points.iter().map(move |&(right, up)| (x, y, right, up)))
        .collect();
    let line = Layer::Line {
        runs: vec![points.clone()],
        color: Color::of_series(0),
        dash: Dash::Solid,
        width: 1.0,
        edged: false,
        name: None,
    };
    for layer in [line, arrows(everywhere), Layer::Level(1e300)] {
        let text = drawn(layer);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(text.lines().count() <= 20 && widest <= Some(60), "{text}");
    }
    // An arrow to nowhere leaves the frame empty.
    let nowhere = drawn(arrows(vec![(0.5, 0.5, f64::INFINITY, 1.0)]));
    assert_eq!(nowhere, drawn(arrows(Vec::new())));
}

#[test]
fn texts_of_all_kinds() {
    let mut panel = Panel::new(
        Axis::new("α₁ (m·s⁻²)", (0.0, 1.0), Scale::Linear),
        Axis::new("a\u{7}b 漢字 \u{fffe}", (0.0, 1.0), Scale::Linear),
    );
    panel.layers.push(Layer::Line {
        runs: vec![vec![(0.0, 0.0), (1.0, 1.0)], vec![], vec![(0.5, f64::NAN)]],
        color: Color::of_series(0),
        dash: Dash::Dotted,
        width: 2.0,
        edged: true,
        name: Some("n".repeat(1000)),
    });
    let figure = Figure {
        title: "x + ".repeat(2000),
        panels: vec![panel],
    };
    for (width, height) in [(160, 160), (400, 300), (3000, 2000)] {
        let size = Size::new(width, height).unwrap();
        let svg = figure.svg(size);
        without_nonsense(&svg);
        assert!(!svg.contains('\u{7}') && svg.contains("α₁ (m·s⁻²)") && svg.contains('…'));
        assert!(svg.len() < 20_000, "{}", svg.len());
        #[cfg(feature = "png")]
        assert!(figure.png(size).starts_with(b"\x89PNG"));
    }
    assert!(
        !figure
            .terminal(Terminal {
                columns: 80,
                rows: 20,
                color: false
            })
            .contains('\u{7}')
    );
}
