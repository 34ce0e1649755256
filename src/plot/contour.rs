//! Lines of equal height, by marching squares.
//!
//! Every edge of the grid whose ends lie on two sides of the level is crossed once. Where, is found on the function itself and
//! not by a straight line between the ends, so that a line passes through the exact places and only its chords, a cell
//! long, leave it: with cells of width h and a line of radius r by h²/(4r) at most.
//!
//! Source: W. Lorensen, H. Cline, Computer Graphics 21 (1987) 163, in two dimensions. Where two corners across lie above and
//! the other two below, the mean of all four decides.

/// A function on a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The columns, from left to right.
    pub xs: Vec<f64>,
    /// The rows, from the lowest to the highest.
    pub ys: Vec<f64>,
    /// The values, row by row.
    pub values: Vec<f64>,
}

/// A function of columns of x and y.
pub type Values<'a> = dyn FnMut(&[f64], &[f64], &mut [f64]) + 'a;

/// Points, one after the other.
pub type Curve = Vec<(f64, f64)>;

impl Grid {
    /// Evaluates a function.
    pub fn new(function: &mut Values<'_>, xs: Vec<f64>, ys: Vec<f64>) -> Grid {
        let all_x: Vec<f64> = ys.iter().flat_map(|_| xs.iter().copied()).collect();
        let all_y: Vec<f64> = (ys.iter())
            .flat_map(|&y| std::iter::repeat_n(y, xs.len()))
            .collect();
        let mut values = vec![0.0; all_x.len()];
        function(&all_x, &all_y, &mut values);
        Grid { xs, ys, values }
    }
}

/// What lies at a level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contour {
    /// Closed lines around all that is at least as high as the level; the edge of the grid, and of what is defined, belongs
    /// to them. Areas inside each other alternate.
    pub areas: Vec<Curve>,
    /// The lines of this height alone.
    pub lines: Vec<Curve>,
}

/// A corner: column and row, counted from 1; 0 and the last are the ring around the grid, which lies below everything.
type Corner = (usize, usize);

/// Where the level is crossed between two corners.
struct Crossing {
    /// The end above the level, and the other.
    inside: (f64, f64, f64),
    outside: (f64, f64, f64),
    /// Is it the edge of the grid, or of what is defined, or a pole?
    wall: bool,
    /// The step between the ends when it was found.
    step: f64,
}

/// Traces one level; minus infinity gives the area where the function is defined.
pub fn contour(grid: &Grid, level: f64, function: &mut Values<'_>) -> Contour {
    let tracer = Tracer {
        grid,
        level,
        width: grid.xs.len() + 2,
        height: grid.ys.len() + 2,
    };
    let (slots, mut crossings) = tracer.crossings();
    settle(&mut crossings, level, function);
    crossings.iter_mut().for_each(Crossing::mind_poles);
    let places: Vec<(f64, f64)> = crossings.iter().map(|c| c.place(level)).collect();
    let next = tracer.links(&slots, crossings.len());
    let mut contour = Contour::default();
    let mut seen = vec![false; places.len()];
    for start in 0..places.len() {
        if seen[start] {
            continue;
        }
        let mut ring = Vec::new();
        let mut at = start;
        while !seen[at] {
            seen[at] = true;
            ring.push(at);
            at = next[at] as usize;
        }
        contour
            .areas
            .push(ring.iter().map(|&k| places[k]).collect());
        contour.lines.extend(
            without_walls(&ring, |k| crossings[k].wall)
                .into_iter()
                .map(|line| line.into_iter().map(|k| places[k]).collect()),
        );
    }
    contour
}

/// The parts of a ring between its walls; without any, the ring closed.
fn without_walls(ring: &[usize], wall: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let Some(first) = ring.iter().position(|&k| wall(k)) else {
        let mut closed = ring.to_vec();
        closed.push(ring[0]);
        return vec![closed];
    };
    let turned = ring[first..].iter().chain(&ring[..first]);
    let mut lines = vec![Vec::new()];
    for &k in turned {
        if wall(k) {
            lines.push(Vec::new());
        } else {
            lines.last_mut().expect("never empty").push(k);
        }
    }
    lines.retain(|line| line.len() > 1);
    lines
}

struct Tracer<'a> {
    grid: &'a Grid,
    level: f64,
    width: usize,
    height: usize,
}

const NONE: u32 = u32::MAX;

impl Tracer<'_> {
    /// Column, row, value; NaN in the ring and where the function is not finite.
    fn corner(&self, (i, j): Corner) -> (f64, f64, f64) {
        let (columns, rows) = (self.grid.xs.len(), self.grid.ys.len());
        let column = i.clamp(1, columns) - 1;
        let row = j.clamp(1, rows) - 1;
        let ring = i == 0 || j == 0 || i > columns || j > rows;
        let value = match ring {
            true => f64::NAN,
            false => self.grid.values[row * columns + column],
        };
        // Infinite: as high or as low as one likes, but no number to compute with.
        let value = if value.is_finite() { value } else { f64::NAN };
        (self.grid.xs[column], self.grid.ys[row], value)
    }

    fn is_inside(&self, corner: Corner) -> bool {
        self.corner(corner).2 >= self.level
    }

    /// The place of an edge in a list: from a corner to the right (0) or upwards (1).
    fn edge(&self, (i, j): Corner, upwards: usize) -> usize {
        2 * (j * self.width + i) + upwards
    }

    fn crossings(&self) -> (Vec<u32>, Vec<Crossing>) {
        let mut slots = vec![NONE; 2 * self.width * self.height];
        let mut crossings = Vec::new();
        for j in 0..self.height {
            for i in 0..self.width {
                let here = self.is_inside((i, j));
                for (upwards, other) in [(0, (i + 1, j)), (1, (i, j + 1))] {
                    if other.0 >= self.width || other.1 >= self.height {
                        continue;
                    }
                    let there = self.is_inside(other);
                    if here == there {
                        continue;
                    }
                    let (a, b) = (self.corner((i, j)), self.corner(other));
                    let (inside, outside) = if here { (a, b) } else { (b, a) };
                    slots[self.edge((i, j), upwards)] = crossings.len() as u32;
                    crossings.push(Crossing {
                        inside,
                        outside,
                        wall: outside.2.is_nan(),
                        step: (inside.2 - outside.2).abs(),
                    });
                }
            }
        }
        (slots, crossings)
    }

    /// Which crossing follows each, with what is inside on the left.
    fn links(&self, slots: &[u32], count: usize) -> Vec<u32> {
        let mut next = vec![NONE; count];
        for j in 0..self.height - 1 {
            for i in 0..self.width - 1 {
                // Around the cell against the clock, from the lower left corner.
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
                let inside = corners.map(|corner| self.is_inside(corner));
                let edges = [
                    self.edge((i, j), 0),
                    self.edge((i + 1, j), 1),
                    self.edge((i, j + 1), 0),
                    self.edge((i, j), 1),
                ];
                let crossed: Vec<usize> = (0..4)
                    .filter(|&k| inside[k] != inside[(k + 1) % 4])
                    .collect();
                let joined = crossed.len() == 4 && {
                    let sum: f64 = corners.iter().map(|&c| self.corner(c).2 / 4.0).sum();
                    sum >= self.level
                };
                // Going around, an edge from inside to outside is where the line comes from, and the line leaves by one
                // from outside to inside: the last one before, or, where the insides are joined, the next one after.
                for &from in crossed.iter().filter(|&&k| inside[k]) {
                    let order: [usize; 3] = match joined {
                        true => [1, 2, 3],
                        false => [3, 2, 1],
                    };
                    let to = (order.iter().map(|step| (from + step) % 4))
                        .find(|to| crossed.contains(to) && !inside[*to]);
                    let to = to.expect("as many ways in as out");
                    let (a, b) = (slots[edges[from]], slots[edges[to]]);
                    next[a as usize] = b;
                }
            }
        }
        next
    }
}

impl Crossing {
    /// Of a pole, the step between the ends has grown while they came nearer. There is no line along it.
    fn mind_poles(&mut self) {
        self.wall |= (self.inside.2 - self.outside.2).abs() > 2.0 * self.step;
    }

    fn place(&self, level: f64) -> (f64, f64) {
        let (a, b) = (self.inside, self.outside);
        let t = match self.wall {
            true => 0.0,
            false => part(a.2, b.2, level),
        };
        (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1))
    }
}

/// Where the line from `inside` to `outside` has the level.
fn part(inside: f64, outside: f64, level: f64) -> f64 {
    let (above, below) = (inside - level, level - outside);
    match above + below {
        sum if sum > 0.0 && sum.is_finite() => (above / sum).clamp(0.0, 1.0),
        _ => 0.5,
    }
}

/// Moves both ends of all edges towards the crossing: in turn by the straight line between them and by halves, which
/// no function can delay.
fn settle(crossings: &mut [Crossing], level: f64, function: &mut Values<'_>) {
    const ROUNDS: usize = 8;
    // The ring lies where its neighbour lies: nothing is between them.
    let mut moving: Vec<&mut Crossing> = (crossings.iter_mut())
        .filter(|c| (c.inside.0, c.inside.1) != (c.outside.0, c.outside.1))
        .collect();
    let mut heights = vec![0.0; moving.len()];
    for round in 0..ROUNDS {
        let (xs, ys): (Vec<f64>, Vec<f64>) = (moving.iter())
            .map(|c| {
                let (a, b) = (c.inside, c.outside);
                let t = match round % 2 == 0 && !c.wall {
                    true => part(a.2, b.2, level).clamp(0.05, 0.95),
                    false => 0.5,
                };
                (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1))
            })
            .unzip();
        function(&xs, &ys, &mut heights);
        for (k, crossing) in moving.iter_mut().enumerate() {
            let here = (xs[k], ys[k], heights[k]);
            if here.2.is_finite() && here.2 >= level {
                crossing.inside = here;
            } else if here.2.is_finite() || crossing.wall {
                crossing.outside = here;
            }
        }
    }
}
