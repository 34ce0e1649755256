//! What of lines and areas lies within a rectangle. Coordinates beyond it may be as large as they like, which no format of
//! pictures can bear.

/// A rectangle in pixels: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// The least x.
    pub left: f64,
    /// The least y.
    pub top: f64,
    /// The greatest x.
    pub right: f64,
    /// The greatest y.
    pub bottom: f64,
}

impl Rect {
    /// The distance from left to right.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// The distance from top to bottom.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The rectangle with so much more on each side.
    pub fn grown(&self, by: f64) -> Rect {
        Rect {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// Does the point lie in it, or on its edge?
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
}

/// The parts of a line that lie within.
///
/// Source: Y.-D. Liang, B. Barsky, ACM Transactions on Graphics 3 (1984) 1.
pub fn line(points: &[(f64, f64)], rect: &Rect) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let Some((from, to)) = segment(a, b, rect) else {
            open = false;
            continue;
        };
        if !open || runs.last().and_then(|run| run.last()) != Some(&from) {
            runs.push(vec![from]);
        }
        runs.last_mut().expect("just begun").push(to);
        open = to == b;
    }
    runs
}

fn segment(a: (f64, f64), b: (f64, f64), rect: &Rect) -> Option<((f64, f64), (f64, f64))> {
    if rect.contains(a) && rect.contains(b) {
        return Some((a, b));
    }
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (step, room) in [
        (-dx, a.0 - rect.left),
        (dx, rect.right - a.0),
        (-dy, a.1 - rect.top),
        (dy, rect.bottom - a.1),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
    let from = if enter == 0.0 { a } else { at(enter) };
    let to = if leave == 1.0 { b } else { at(leave) };
    let finite = [from.0, from.1, to.0, to.1].iter().all(|x| x.is_finite());
    (enter <= leave && finite).then_some((from, to))
}

/// The part of an area that lies within.
///
/// Source: I. Sutherland, G. Hodgman, Communications of the ACM 17 (1974) 32.
pub fn area(points: &[(f64, f64)], rect: &Rect) -> Vec<(f64, f64)> {
    type Side = fn((f64, f64), &Rect) -> f64;
    // Not negative on the inner side.
    let sides: [Side; 4] = [
        |p, r| p.0 - r.left,
        |p, r| r.right - p.0,
        |p, r| p.1 - r.top,
        |p, r| r.bottom - p.1,
    ];
    let mut points = points.to_vec();
    for side in sides {
        let mut kept = Vec::with_capacity(points.len());
        for (k, &to) in points.iter().enumerate() {
            let from = points[(k + points.len() - 1) % points.len()];
            let (before, after) = (side(from, rect), side(to, rect));
            if (before < 0.0) != (after < 0.0) {
                let t = before / (before - after);
                kept.push((from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1)));
            }
            if after >= 0.0 {
                kept.push(to);
            }
        }
        points = kept;
    }
    points
}
