//! What both benchmarks measure.

use gradus::expr::{Arena, Id, SymbolId};
use gradus::simplify::simplify_all;
use gradus::syntax::{parse_into, print};
use gradus::textbook;

/// The variables of every expression.
pub const VARIABLES: [&str; 3] = ["x", "y", "z"];

/// 200 expressions of 10 to 80 nodes in three variables: always the same ones, or the lines of the file that the
/// environment variable `GRADUS_EXPRESSIONS` names.
pub fn expressions() -> Vec<String> {
    match std::env::var_os("GRADUS_EXPRESSIONS") {
        Some(path) => {
            let text =
                std::fs::read_to_string(&path).expect("GRADUS_EXPRESSIONS names a text file");
            text.lines().map(str::to_owned).collect()
        }
        None => {
            let mut random = Random(2024);
            (0..200)
                .map(|_| {
                    let size = 10 + random.below(71);
                    random.expression(size)
                })
                .collect()
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// The text of an expression with about `size` nodes.
    fn expression(&mut self, size: usize) -> String {
        if size <= 1 {
            return match self.below(4) {
                0 => (1 + self.below(9)).to_string(),
                v => VARIABLES[v - 1].to_owned(),
            };
        }
        if size == 2 || self.below(4) == 0 {
            let inner = self.expression(size - 1);
            return match self.below(8) {
                0 => format!("sin({inner})"),
                1 => format!("cos({inner})"),
                2 => format!("exp(-({inner})/3)"),
                3 => format!("log(({inner})^2 + 1)"),
                4 => format!("sqrt(({inner})^2 + 2)"),
                5 => format!("tanh({inner})"),
                6 => format!("({inner})^2"),
                _ => format!("atan({inner})"),
            };
        }
        let left = 1 + self.below(size - 2);
        let (a, b) = (self.expression(left), self.expression(size - 1 - left));
        match self.below(5) {
            0 | 1 => format!("{a} + {b}"),
            2 => format!("{a} - ({b})"),
            3 => format!("({a})*({b})"),
            _ => format!("({a})/(({b})^2 + 1)"),
        }
    }
}

/// The symbols of these names.
pub fn symbols(arena: &mut Arena, names: &[impl AsRef<str>]) -> Vec<SymbolId> {
    (names.iter().map(AsRef::as_ref))
        .map(|name| arena.symbol_id(name))
        .collect()
}

/// The expression in a graph of its own.
pub fn read(text: &str) -> (Arena, Id) {
    let mut arena = Arena::new();
    let root = parse_into(&mut arena, text).expect("a formula");
    (arena, root)
}

/// Its three partial derivatives.
pub fn partials(arena: &mut Arena, root: Id) -> Vec<Id> {
    let variables = symbols(arena, &VARIABLES);
    let rows = textbook::jacobian(arena, &[root], &variables);
    rows.expect("derivatives").concat()
}

/// From text to the texts of three simplified partial derivatives; how many bytes they have.
pub fn together(text: &str) -> usize {
    let (mut arena, root) = read(text);
    let root = textbook::shortened(&mut arena, &[root])[0];
    let slopes = partials(&mut arena, root);
    let simple = simplify_all(&mut arena, &slopes);
    let texts = (simple.iter()).map(|s| print::text(&arena, s.id).expect("a short text"));
    texts.map(|text| text.len()).sum()
}
