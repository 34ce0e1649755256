//! Where a curve is evaluated, so that the picture shows the function.
//!
//! It is looked at evenly, at [`EVEN`] points; then more closely where it bends, where it jumps, where it ends and where it
//! towers over the rest. What is narrower than the interval / [`EVEN`] may be missed. Where it is not defined, has a pole
//! or jumps, there is a gap: a jump is told from a steep piece by halving the interval around it, which makes the height
//! of any continuous piece shrink.

use super::range;

/// Points of the first look.
pub const EVEN: usize = 2000;

/// Points at most, those of the closer looks included.
pub const MAX_SAMPLES: usize = 40_000;

/// Rounds of halving until a jump, or an end, is known to the last bits of its place.
const HALVINGS: usize = 48;

/// Jumps, and towers, that are looked at.
const MAX_SUSPECTS: usize = 400;

/// How far a line may leave the curve, as part of the height of the picture: a tenth of a pixel.
const BEND: f64 = 0.1 / 500.0;

/// Steps that are smaller than this part of the picture's height are no jumps that can be seen.
const SMALL_STEP: f64 = 3.0 / 500.0;

/// A tower this many times as high as the places beside it, however near one looks, has no top.
const NO_TOP: f64 = 100.0;

/// What rises above both samples beside it by this part of the usual height is looked at, too.
const SHARP: f64 = 0.05;

/// How near its end a curve is looked at for rounding, as part of the interval: a thousandth of a pixel.
const NEAR_END: f64 = 1e-6;

/// How near beside the top one looks, as part of the distance of even samples.
const BESIDE: f64 = 1e-4;

/// What is known of a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    /// The pieces, each from left to right; gaps between them.
    pub runs: Vec<Vec<(f64, f64)>>,
    /// Values at even distances, and the tops of what is narrow: from them the range of the picture is found.
    pub values: Vec<f64>,
    /// Does it grow beyond all bounds?
    pub unbounded: bool,
}

/// A function of columns: it writes a value for each number.
pub type Values<'a> = dyn FnMut(&[f64], &mut [f64]) + 'a;

/// Looks at a function on an interval. `first.0 < first.1` must be finite.
pub fn sample(function: &mut Values<'_>, (low, high): (f64, f64)) -> Sampled {
    let at = |k: usize| match k {
        EVEN => high,
        // Without overflow, and exact at the lower end.
        k => low + (high / EVEN as f64 - low / EVEN as f64) * k as f64,
    };
    let mut xs: Vec<f64> = (0..=EVEN).map(at).collect();
    xs.dedup();
    let mut values = vec![0.0; xs.len()];
    function(&xs, &mut values);
    let even: Vec<(f64, f64)> = xs.iter().copied().zip(values.iter().copied()).collect();

    without_cliffs(&mut values);
    let tops = towers(function, &even);
    let unbounded = tops.iter().any(|top| top.endless);
    let summits: Vec<(f64, f64)> = (tops.iter().filter(|t| !t.endless)).map(|t| t.at).collect();
    values.extend(summits.iter().map(|top| top.1));
    let shown = match unbounded {
        true => range::without_extremes(values.iter().copied()),
        false => range::extent(values.iter().copied()),
    };
    let Some(shown) = shown else {
        return Sampled {
            runs: Vec::new(),
            values,
            unbounded,
        };
    };
    let mut points = even;
    points.extend(summits);
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.dedup_by(|a, b| a.0 == b.0);
    let height = (shown.1 - shown.0).max(f64::MIN_POSITIVE);
    let mut runs = pieces(function, &points, height);
    // A sample may fall on a pole so exactly that it belongs to neither side.
    runs.retain(|run| run.len() > 1 || !unbounded || (shown.0..=shown.1).contains(&run[0].1));
    let runs = bends(function, runs, shown, high - low);
    Sampled {
        runs,
        values,
        unbounded,
    }
}

/// The last value before an end, where it lies far beyond all the others: that of log(x) next to 0 says how near the sample
/// fell, and nothing that a picture should have room for.
fn without_cliffs(values: &mut [f64]) {
    const FAR: f64 = 0.5;
    let lonely: Vec<usize> = (0..values.len())
        .filter(|&k| {
            let ends = |k: Option<usize>| {
                k.and_then(|k| values.get(k))
                    .is_some_and(|v| !v.is_finite())
            };
            values[k].is_finite() && (ends(k.checked_sub(1)) != ends(Some(k + 1)))
        })
        .collect();
    for k in lonely {
        let others = (values.iter().enumerate()).filter(|(j, _)| *j != k);
        if let Some((low, high)) = range::extent(others.map(|(_, &v)| v)) {
            let beyond = (low - values[k]).max(values[k] - high);
            if beyond > FAR * (high - low) {
                values[k] = f64::NAN;
            }
        }
    }
}

/// The highest or lowest point of something narrow.
struct Top {
    at: (f64, f64),
    endless: bool,
}

/// Looks at what rises above, or falls below, the middle of all values, ever closer.
fn towers(function: &mut Values<'_>, even: &[(f64, f64)]) -> Vec<Top> {
    const PARTS: usize = 16;
    const ROUNDS: usize = 12;
    let Some(core) = range::without_extremes(even.iter().map(|p| p.1)) else {
        return Vec::new();
    };
    let middle = core.0 / 2.0 + core.1 / 2.0;
    let size = |y: f64| {
        if y.is_finite() {
            (y - middle).abs()
        } else {
            -1.0
        }
    };
    let far = (core.1 - core.0) * 0.75;
    let mut suspects: Vec<usize> = (1..even.len().saturating_sub(1))
        .filter(|&k| {
            let (here, left, right) = (size(even[k].1), size(even[k - 1].1), size(even[k + 1].1));
            let sharp = here - left.max(right) > SHARP * far;
            here >= left && here >= right && (here > far || sharp)
        })
        .collect();
    suspects.sort_by(|&a, &b| size(even[b].1).total_cmp(&size(even[a].1)));
    suspects.truncate(MAX_SUSPECTS);
    let mut tops = Vec::new();
    let (mut xs, mut ys) = (Vec::new(), vec![0.0; PARTS + 1]);
    for k in suspects {
        let start = even[k];
        let (mut left, mut right) = (even[k - 1].0, even[k + 1].0);
        let mut best = start;
        for _ in 0..ROUNDS {
            xs.clear();
            xs.extend((0..=PARTS).map(|j| left + (right - left) * (j as f64 / PARTS as f64)));
            function(&xs, &mut ys);
            let highest = (0..=PARTS).max_by(|&a, &b| size(ys[a]).total_cmp(&size(ys[b])));
            let highest = highest.expect("not empty");
            if size(ys[highest]) > size(best.1) {
                best = (xs[highest], ys[highest]);
            }
            left = xs[highest.saturating_sub(1)];
            right = xs[(highest + 1).min(PARTS)];
        }
        let near = BESIDE * (even[k + 1].0 - even[k - 1].0);
        let beside = [best.0 - near, best.0 + near];
        let mut heights = [0.0; 2];
        function(&beside, &mut heights);
        let (left, right) = (size(heights[0]), size(heights[1]));
        let endless = size(best.1) > NO_TOP * left.max(right).max(0.0);
        // An end that is still rising, as that of log(x) at 0, is no summit.
        let summit = left.min(right) > 0.5 * size(best.1);
        if endless || summit {
            tops.push(Top { at: best, endless });
        }
    }
    // At the ends there is no neighbour to compare with: 1/x over 0:1 rises towards its first point.
    let ends = [
        (even.first(), even.get(1)),
        (even.last(), even.iter().rev().nth(1)),
    ];
    for (end, next) in ends {
        let (Some(&(x, y)), Some(&(beside, value))) = (end, next) else {
            continue;
        };
        if y.is_finite() || !value.is_finite() {
            continue;
        }
        let near = [x + (beside - x) * BESIDE * BESIDE];
        let mut closer = [0.0];
        function(&near, &mut closer);
        if size(closer[0]) > NO_TOP * size(value).max(far) {
            tops.push(Top {
                at: (near[0], closer[0]),
                endless: true,
            });
        }
    }
    tops
}

/// Cuts the points into pieces: where the function is not defined, and where it jumps.
fn pieces(function: &mut Values<'_>, points: &[(f64, f64)], height: f64) -> Vec<Vec<(f64, f64)>> {
    let finite = |p: &(f64, f64)| p.1.is_finite();
    let mut cuts: Vec<Cut> = Vec::new();
    let mut jumps = 0;
    for (k, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let jump = finite(&a) && finite(&b) && (b.1 - a.1).abs() > SMALL_STEP * height;
        jumps += usize::from(jump);
        if finite(&a) != finite(&b) || jump {
            cuts.push(Cut {
                after: k,
                left: a,
                right: b,
                first: (b.1 - a.1).abs(),
                start: if finite(&a) { a.0 } else { b.0 },
            });
        }
    }
    // A function that jumps everywhere is a cloud; the largest steps are looked at.
    if jumps > MAX_SUSPECTS {
        let step = |cut: &Cut| {
            if cut.first.is_finite() {
                cut.first
            } else {
                f64::INFINITY
            }
        };
        cuts.sort_by(|a, b| step(b).total_cmp(&step(a)));
        cuts.truncate(2 * MAX_SUSPECTS);
        cuts.sort_by_key(|cut| cut.after);
    }
    let mut holes = narrow(function, &mut cuts);
    narrow(function, &mut holes);
    cuts.extend(holes);
    let width = points[points.len() - 1].0 - points[0].0;
    (cuts.iter_mut()).for_each(|cut| cut.end_before_rounding(function, width, height));
    cuts.sort_by(|a, b| (a.after.cmp(&b.after)).then(a.left.0.total_cmp(&b.left.0)));
    let mut runs = vec![Vec::new()];
    let mut next = cuts.iter().peekable();
    for (k, &point) in points.iter().enumerate() {
        let run = runs.last_mut().expect("never empty");
        if finite(&point) {
            run.push(point);
        } else if !run.is_empty() {
            runs.push(Vec::new());
        }
        while let Some(cut) = next.next_if(|cut| cut.after == k) {
            let (left, right) = (cut.left, cut.right);
            if finite(&left) && finite(&right) {
                if !cut.is_jump(height) {
                    continue;
                }
                push_new(runs.last_mut().expect("never empty"), left);
                runs.push(vec![right]);
            } else if finite(&left) {
                push_new(runs.last_mut().expect("never empty"), left);
                runs.push(Vec::new());
            } else {
                runs.push(vec![right]);
            }
        }
    }
    runs.iter_mut().for_each(|run| run.dedup());
    runs.retain(|run| !run.is_empty());
    runs
}

fn push_new(run: &mut Vec<(f64, f64)>, point: (f64, f64)) {
    if run.last().is_none_or(|last| last.0 < point.0) {
        run.push(point);
    }
}

/// An interval in which the function jumps or ends.
#[derive(Clone, Copy)]
struct Cut {
    /// Its left end is the point of this number.
    after: usize,
    left: (f64, f64),
    right: (f64, f64),
    /// The height of the step when it was found.
    first: f64,
    /// Where one side of it, that with a value, was when it was found.
    start: f64,
}

impl Cut {
    fn is_jump(&self, height: f64) -> bool {
        let now = (self.right.1 - self.left.1).abs();
        now > 0.5 * self.first && now > 0.5 * SMALL_STEP * height
    }

    /// Lets the curve end a little earlier where its last values are rounding: those of (1 - cos(x))/x^2 next to 0 are 0,
    /// and not 1/2.
    fn end_before_rounding(&mut self, function: &mut Values<'_>, width: f64, height: f64) {
        let end = match (self.left.1.is_finite(), self.right.1.is_finite()) {
            (true, false) => &mut self.left,
            (false, true) => &mut self.right,
            _ => return,
        };
        let far = (self.start - end.0).clamp(-NEAR_END * width, NEAR_END * width);
        let mut xs: Vec<f64> = (0..HALVINGS as i32)
            .map(|k| end.0 + far * 0.5f64.powi(k))
            .collect();
        xs.push(end.0);
        xs.dedup();
        let mut ys = vec![0.0; xs.len()];
        function(&xs, &mut ys);
        if ys[0].is_finite() && !comes_to_its_end(&ys, 0.5 * SMALL_STEP * height) {
            *end = (xs[0], ys[0]);
        }
    }
}

/// Do these values, at places that come ever nearer to an end, go on as they began? Those of poles, logarithms and cusps
/// rise or fall all the way, by steps that are like the step before. What rounding makes of a limit does not.
fn comes_to_its_end(values: &[f64], visible: f64) -> bool {
    const LIKE: f64 = 64.0;
    let steps: Vec<f64> = values.windows(2).map(|two| two[1] - two[0]).collect();
    let all: f64 = steps.iter().map(|step| step.abs()).sum();
    let together = steps.iter().sum::<f64>().abs();
    let largest = (0..steps.len()).max_by(|&j, &k| steps[j].abs().total_cmp(&steps[k].abs()));
    let Some(largest) = largest.filter(|_| all > visible) else {
        return true;
    };
    let like = |k: Option<usize>| {
        (k.and_then(|k| steps.get(k))).is_none_or(|step| step.abs() * LIKE > steps[largest].abs())
    };
    together > 0.98 * all && like(largest.checked_sub(1)) && like(Some(largest + 1))
}

/// Halves all these intervals, keeping the half with the larger step or the end in it. Where a jump turns out to have a
/// hole in its middle, as poles mostly have, there are two ends: the right one comes back as an interval of its own.
fn narrow(function: &mut Values<'_>, cuts: &mut [Cut]) -> Vec<Cut> {
    let mut holes: Vec<Cut> = Vec::new();
    let mut ys = vec![0.0; cuts.len()];
    for _ in 0..HALVINGS {
        let middles: Vec<f64> = (cuts.iter())
            .map(|cut| cut.left.0 / 2.0 + cut.right.0 / 2.0)
            .collect();
        function(&middles, &mut ys);
        for ((cut, &x), &y) in cuts.iter_mut().zip(&middles).zip(&ys) {
            if !(cut.left.0 < x && x < cut.right.0) {
                continue;
            }
            let (a, b) = (cut.left.1, cut.right.1);
            let go_left = match (a.is_finite(), y.is_finite(), b.is_finite()) {
                (true, true, true) => (y - a).abs() >= (b - y).abs(),
                (true, false, true) => {
                    holes.push(Cut {
                        left: (x, y),
                        start: cut.right.0,
                        ..*cut
                    });
                    true
                }
                (left, false, _) => left,
                (left, true, _) => !left,
            };
            match go_left {
                true => cut.right = (x, y),
                false => cut.left = (x, y),
            }
        }
    }
    holes
}

/// Puts points between points until the lines between them follow the curve.
fn bends(
    function: &mut Values<'_>,
    mut runs: Vec<Vec<(f64, f64)>>,
    (low, high): (f64, f64),
    width: f64,
) -> Vec<Vec<(f64, f64)>> {
    const ROUNDS: usize = 10;
    let height = (high - low).max(f64::MIN_POSITIVE);
    let mut room = MAX_SAMPLES.saturating_sub(runs.iter().map(Vec::len).sum());
    for _ in 0..ROUNDS {
        let mut middles: Vec<(usize, usize, f64)> = Vec::new();
        for (r, run) in runs.iter().enumerate() {
            let mut wanted = vec![false; run.len()];
            for (k, three) in run.windows(3).enumerate() {
                let [a, b, c] = [three[0], three[1], three[2]];
                let above = three.iter().all(|p| p.1 > high + height);
                let below = three.iter().all(|p| p.1 < low - height);
                let straight = a.1 + (c.1 - a.1) * ((b.0 - a.0) / (c.0 - a.0));
                let slope = |p: (f64, f64), q: (f64, f64)| {
                    ((q.1 - p.1) / height / ((q.0 - p.0) / width)).abs()
                };
                // What a steep piece is off by in height it is not off by in the picture. Between neighbours it is a
                // quarter of what it is between next but one.
                let off =
                    (b.1 - straight).abs() / height / 4.0 / slope(a, b).min(slope(b, c)).hypot(1.0);
                if !above && !below && off > BEND {
                    wanted[k] = true;
                    wanted[k + 1] = true;
                }
            }
            for k in (0..run.len()).filter(|&k| wanted[k]) {
                let x = run[k].0 / 2.0 + run[k + 1].0 / 2.0;
                if run[k].0 < x && x < run[k + 1].0 {
                    middles.push((r, k, x));
                }
            }
        }
        if middles.is_empty() || middles.len() > room {
            break;
        }
        room -= middles.len();
        let xs: Vec<f64> = middles.iter().map(|m| m.2).collect();
        let mut ys = vec![0.0; xs.len()];
        function(&xs, &mut ys);
        let mut between = middles.iter().zip(&ys).peekable();
        for (r, run) in runs.iter_mut().enumerate() {
            let old = std::mem::take(run);
            for (k, point) in old.into_iter().enumerate() {
                run.push(point);
                if let Some((&(_, _, x), &y)) = between.next_if(|(m, _)| (m.0, m.1) == (r, k))
                    && y.is_finite()
                {
                    run.push((x, y));
                }
            }
        }
    }
    runs
}
