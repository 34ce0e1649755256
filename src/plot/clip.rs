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

    /// The rectangle with x and y exchanged.
    fn turned(&self) -> Rect {
        Rect {
            left: self.top,
            top: self.left,
            right: self.bottom,
            bottom: self.right,
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

/// The part of a segment that lies within. The slope along the longer side of the segment is at most 1, so that its height
/// at an edge is as exact as the edge, however far away the ends are.
fn segment(a: (f64, f64), b: (f64, f64), rect: &Rect) -> Option<((f64, f64), (f64, f64))> {
    if rect.contains(a) && rect.contains(b) {
        return Some((a, b));
    }
    if [a.0, a.1, b.0, b.1].iter().any(|x| x.is_nan()) {
        return None;
    }
    let [a, b] = [a, b].map(finite);
    let flat = (b.0 / 2.0 - a.0 / 2.0).abs() >= (b.1 / 2.0 - a.1 / 2.0).abs();
    if !flat {
        let (from, to) = flat_segment(turned(a), turned(b), &rect.turned())?;
        return Some((turned(from), turned(to)));
    }
    flat_segment(a, b, rect)
}

/// The part within of a segment that is at least as wide as it is high.
fn flat_segment(a: (f64, f64), b: (f64, f64), rect: &Rect) -> Option<((f64, f64), (f64, f64))> {
    let [from, to] = cut([a, b], (rect.left, rect.right), line_at)?;
    // What is left is no wider than the rectangle, and no higher.
    let ends = [turned(from), turned(to)];
    let [from, to] = cut(ends, (rect.top, rect.bottom), between)?;
    Some((turned(from), turned(to)))
}

/// What is infinite is as far away as a number can tell.
fn finite((x, y): (f64, f64)) -> (f64, f64) {
    (x.clamp(-f64::MAX, f64::MAX), y.clamp(-f64::MAX, f64::MAX))
}

fn turned((x, y): (f64, f64)) -> (f64, f64) {
    (y, x)
}

/// The part of a segment between two values of x. At an edge x is that of the edge, and `at` finds y.
fn cut(
    [a, b]: [(f64, f64); 2],
    (low, high): (f64, f64),
    at: fn([(f64, f64); 2], f64) -> f64,
) -> Option<[(f64, f64); 2]> {
    if a.0.max(b.0) < low || a.0.min(b.0) > high {
        return None;
    }
    Some([a, b].map(|end| match end.0.clamp(low, high) {
        edge if edge == end.0 => end,
        edge => (edge, at([a, b], edge)),
    }))
}

/// y at a place x of the line through two points, found from its slope and from its height at 0. The height is a difference
/// of products, which an end far away makes large: their errors are added back.
///
/// Source: C.-P. Jeannerod, N. Louvet, J.-M. Muller, Mathematics of Computation 82 (2013) 2245.
fn line_at([a, b]: [(f64, f64); 2], x: f64) -> f64 {
    const LARGE: f64 = 1e120;
    let large = [a.0, a.1, b.0, b.1].iter().any(|x| x.abs() > LARGE);
    // A power of two takes no digits, and leaves room for the products.
    let scale = if large { 2f64.powi(-600) } else { 1.0 };
    let [p, q] = [a, b].map(|(x, y)| (x * scale, y * scale));
    let product = p.0 * q.1;
    let height = p.1.mul_add(q.0, -product) + (-p.0).mul_add(q.1, product);
    let width = q.0 - p.0;
    let y = ((q.1 - p.1) * (x * scale) / width + height / width) / scale;
    y.clamp(a.1.min(b.1), a.1.max(b.1))
}

/// y at a place x between two points, found from the nearer one.
fn between([a, b]: [(f64, f64); 2], x: f64) -> f64 {
    let far = |p: (f64, f64)| (x / 2.0 - p.0 / 2.0).abs();
    let (near, other) = if far(a) <= far(b) { (a, b) } else { (b, a) };
    let part = far(near) / (far(near) + far(other));
    let y = near.1 * (1.0 - part) + other.1 * part;
    y.clamp(a.1.min(b.1), a.1.max(b.1))
}

/// The part of an area that lies within.
///
/// Source: I. Sutherland, G. Hodgman, Communications of the ACM 17 (1974) 32.
pub fn area(points: &[(f64, f64)], rect: &Rect) -> Vec<(f64, f64)> {
    let sides = [
        (rect.left, false, false),
        (rect.right, true, false),
        (rect.top, false, true),
        (rect.bottom, true, true),
    ];
    let mut points: Vec<(f64, f64)> = (points.iter().copied())
        .filter(|(x, y)| !x.is_nan() && !y.is_nan())
        .map(finite)
        .collect();
    for (edge, upper, level) in sides {
        let turn = |p: (f64, f64)| if level { turned(p) } else { p };
        let within = |p: (f64, f64)| if upper { p.0 <= edge } else { p.0 >= edge };
        let mut kept = Vec::with_capacity(points.len());
        for (k, &to) in points.iter().enumerate() {
            let (from, to) = (
                turn(points[(k + points.len() - 1) % points.len()]),
                turn(to),
            );
            if within(from) != within(to) {
                kept.push(turn((edge, between([from, to], edge))));
            }
            if within(to) {
                kept.push(turn(to));
            }
        }
        points = kept;
    }
    points
}
