//! Colouring: lines of a matrix that never meet can be told apart in their sum, and share a colour.
//!
//! Curtis, Powell and Reid (On the estimation of sparse Jacobian matrices, 1974) add up columns no two of which have an
//! entry in the same row: one product with a direction then gives all of them. Which columns, is a question of colouring a
//! graph (Coleman and Moré 1983): the columns at distance two in the graph of rows and columns need different colours.
//! A symmetric matrix allows more, for an entry can be read from either side: a star colouring is enough (Coleman and
//! Moré, Estimation of sparse Hessian matrices and graph coloring problems, 1984). A survey: Gebremedhin, Manne and
//! Pothen, What color is your Jacobian?, SIAM Review 47 (2005).
//!
//! Both are greedy, the fullest line first (Welsh and Powell 1967), and so not always the least number of colours.

use smallvec::SmallVec;

use super::Pattern;

/// A colour for each line (row or column) of a matrix, counted from 0.
///
/// ```
/// use gradus::sparse::{Coloring, Pattern};
/// // An arrow: the first row, the first column and the diagonal.
/// let row = |i: u32| if i == 0 { (0..100).collect() } else { vec![0, i] };
/// let arrow = Pattern::from_rows(100, (0..100).map(row));
/// assert_eq!(Coloring::of_columns(&arrow).count(), 100); // all meet in the first row
/// assert_eq!(Coloring::star(&arrow).count(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coloring {
    colors: Vec<u32>,
    count: usize,
}

const NONE: u32 = u32::MAX;

/// Looking for colours is given up after so many steps (about a second), and every line gets its own. A matrix that needs
/// more has nearly as many colours as lines.
const MOST_STEPS: usize = 1 << 29;

impl Coloring {
    /// No two columns of one colour have an entry in the same row.
    pub fn of_columns(pattern: &Pattern) -> Coloring {
        let lengths = pattern.indptr().windows(2).map(|pair| pair[1] - pair[0]);
        if lengths.map(|length| length * length).sum::<usize>() > MOST_STEPS {
            return Coloring::separate(pattern.columns());
        }
        let by_column = pattern.transposed();
        let mut colors = vec![NONE; pattern.columns()];
        let mut forbidden = Marks::default();
        for column in fullest_first(&by_column) {
            forbidden.clear();
            for &row in by_column.row(column) {
                for &other in pattern.row(row as usize) {
                    forbidden.add(colors[other as usize]);
                }
            }
            colors[column] = forbidden.first_missing();
        }
        Coloring::new(colors)
    }

    /// No two rows of one colour have an entry in the same column.
    pub fn of_rows(pattern: &Pattern) -> Coloring {
        Coloring::of_columns(&pattern.transposed())
    }

    /// For a symmetric matrix: neighbours (lines with an entry where they cross) differ, and every path over four lines
    /// has three colours at least. Each entry can then be read from the sums, on one side of the diagonal or the other.
    ///
    /// The lines of two colours form stars, and the stars are kept as the colouring grows (Gebremedhin, Tarafdar, Manne
    /// and Pothen, New acyclic and star coloring algorithms with application to computing Hessians, 2007): the work is at
    /// most the number of entries times that of colours.
    ///
    /// # Panics
    /// If the matrix is not square.
    pub fn star(pattern: &Pattern) -> Coloring {
        let n = pattern.columns();
        assert_eq!(pattern.rows(), n, "a symmetric matrix is square");
        if pattern.len() == n * n {
            return Coloring::separate(n);
        }
        let mut colors = vec![NONE; n];
        let mut stars = Stars::new(n);
        let (mut forbidden, mut once, mut twice) =
            (Marks::default(), Marks::default(), Marks::default());
        let mut steps = 0;
        for v in fullest_first(pattern) {
            let colored: Vec<(usize, u32)> = (pattern.row(v).iter())
                .map(|&w| (w as usize, colors[w as usize]))
                .filter(|&(w, color)| w != v && color != NONE)
                .collect();
            for marks in [&mut forbidden, &mut once, &mut twice] {
                marks.clear();
            }
            for &(_, color) in &colored {
                if !once.add(color) {
                    twice.add(color);
                }
            }
            for &(w, color) in &colored {
                forbidden.add(color);
                // v is the hub of two leaves: none of them may have another neighbour of the colour of v.
                let is_leaf = twice.has(color);
                for near in &stars.around[w] {
                    if is_leaf || near.is_hub {
                        forbidden.add(near.color);
                    }
                }
                steps += stars.around[w].len();
            }
            if steps > MOST_STEPS {
                return Coloring::separate(n);
            }
            colors[v] = forbidden.first_missing();
            for w in colored {
                stars.join((v, colors[v]), w);
            }
        }
        Coloring::new(colors)
    }

    /// A colour for every line alone.
    pub fn separate(lines: usize) -> Coloring {
        Coloring::new((0..lines as u32).collect())
    }

    fn new(colors: Vec<u32>) -> Coloring {
        let count = colors.iter().max().map_or(0, |&last| last as usize + 1);
        Coloring { colors, count }
    }

    /// The colour of each line.
    pub fn colors(&self) -> &[u32] {
        &self.colors
    }

    /// How many colours there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// By colour: its lines.
    pub fn groups(&self) -> Vec<Vec<u32>> {
        let mut groups = vec![Vec::new(); self.count];
        for (&color, line) in self.colors.iter().zip(0..) {
            groups[color as usize].push(line);
        }
        groups
    }
}

/// The rows, those with most entries first, equal ones in their order.
fn fullest_first(pattern: &Pattern) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pattern.rows()).collect();
    order.sort_by_key(|&row| std::cmp::Reverse(pattern.row(row).len()));
    order
}

/// A set of colours that is emptied in one step.
#[derive(Default)]
struct Marks {
    round: u32,
    /// By colour: the round in which it was added.
    added: Vec<u32>,
}

impl Marks {
    fn clear(&mut self) {
        self.round += 1;
    }

    /// Was it new? That a line has no colour yet is not kept.
    fn add(&mut self, color: u32) -> bool {
        if color == NONE {
            return false;
        }
        if self.added.len() <= color as usize {
            self.added.resize(color as usize + 1, 0);
        }
        std::mem::replace(&mut self.added[color as usize], self.round) != self.round
    }

    fn has(&self, color: u32) -> bool {
        self.added.get(color as usize) == Some(&self.round)
    }

    fn first_missing(&self) -> u32 {
        let missing = self.added.iter().position(|&round| round != self.round);
        missing.unwrap_or(self.added.len()) as u32
    }
}

/// The lines of two colours: each connected part of them is a star, a hub with leaves.
struct Stars {
    /// By line: the colours of its neighbours.
    around: Vec<SmallVec<[Near; 4]>>,
}

/// The neighbours of one colour.
struct Near {
    color: u32,
    /// One of them.
    first: u32,
    /// Is `first` the hub of a star with more leaves than this line?
    is_hub: bool,
}

impl Stars {
    fn new(lines: usize) -> Stars {
        Stars {
            around: (0..lines).map(|_| SmallVec::new()).collect(),
        }
    }

    /// Two neighbours, with their colours.
    fn join(&mut self, v: (usize, u32), w: (usize, u32)) {
        let of_v = self.meet(v.0, w);
        let of_w = self.meet(w.0, v);
        for (hub, leaf, other) in [(v, w, of_v), (w, v, of_w)] {
            let Some(other) = other else { continue };
            for leaf in [leaf.0, other as usize] {
                let mut around = self.around[leaf].iter_mut();
                let near = around.find(|near| near.color == hub.1);
                near.expect("the hub is a neighbour").is_hub = true;
            }
        }
    }

    /// Notes a neighbour of `line`; is there another one of this colour already?
    fn meet(&mut self, line: usize, (neighbor, color): (usize, u32)) -> Option<u32> {
        let around = &mut self.around[line];
        let other = around.iter().find(|near| near.color == color);
        let other = other.map(|near| near.first);
        if other.is_none() {
            around.push(Near {
                color,
                first: neighbor as u32,
                is_hub: false,
            });
        }
        other
    }
}
