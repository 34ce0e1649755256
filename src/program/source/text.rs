//! Pieces of source: a text, and how tightly its outermost operation binds.

/// How tightly the outermost operation of a text binds, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Sum,
    Product,
    /// With a sign in front.
    Signed,
    Atom,
}

/// An expression of the target language.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) rank: Rank,
    /// The number, where it is nothing else. The text does not tell: a variable may be called `inf` or `nan`.
    pub(super) number: Option<f64>,
}

impl Text {
    pub(super) fn new(rank: Rank, text: impl Into<String>) -> Text {
        Text {
            text: text.into(),
            rank,
            number: None,
        }
    }

    /// A finite number with the fewest digits that read back as it, always with a point or an exponent.
    pub(super) fn number(x: f64) -> Text {
        let rank = match x.is_sign_negative() {
            true => Rank::Signed,
            false => Rank::Atom,
        };
        Text {
            number: Some(x),
            ..Text::new(rank, format!("{x:?}"))
        }
    }

    pub(super) fn atom(text: impl Into<String>) -> Text {
        Text::new(Rank::Atom, text)
    }

    /// `name(a, b)`
    pub(super) fn call(name: &str, arguments: &[Text]) -> Text {
        let list: Vec<&str> = arguments.iter().map(|a| a.text.as_str()).collect();
        Text::atom(format!("{name}({})", list.join(", ")))
    }

    /// `1/name(u)`, with a one as the language writes it.
    pub(super) fn reciprocal(one: &str, name: &str, argument: &Text) -> Text {
        let below = Text::call(name, std::slice::from_ref(argument));
        Text::new(Rank::Product, format!("{one} / {}", below.text))
    }

    /// In parentheses if it binds less tightly.
    pub(super) fn at(&self, least: Rank) -> String {
        match self.rank >= least {
            true => self.text.clone(),
            false => format!("({})", self.text),
        }
    }

    /// `a + b` and the like. Operators bind to the left, and the order of floating-point operations matters: a sum on
    /// the right side keeps its parentheses.
    pub(super) fn infix(rank: Rank, a: &Text, sign: &str, b: &Text) -> Text {
        let tighter = match rank {
            Rank::Sum => Rank::Product,
            _ => Rank::Signed,
        };
        Text::new(rank, format!("{} {sign} {}", a.at(rank), b.at(tighter)))
    }

    /// `-a`. The sign of a product may stand before its first factor: that changes no bit.
    pub(super) fn negative(a: &Text) -> Text {
        if let Some(x) = a.number {
            return Text::number(-x);
        }
        let inner = match a.text.starts_with('-') {
            true => format!("({})", a.text), // two signs are a decrement in C, and a comment in SQL
            false => a.at(Rank::Product),
        };
        Text::new(
            a.rank.clamp(Rank::Product, Rank::Signed),
            format!("-{inner}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_keep_the_order_of_operations() {
        let [a, b, c] = ["a", "b", "c"].map(Text::atom);
        let sum = Text::infix(Rank::Sum, &a, "+", &b);
        let product = Text::infix(Rank::Product, &a, "*", &b);
        let shown = |rank, a: &Text, sign, b: &Text| Text::infix(rank, a, sign, b).text;
        assert_eq!(shown(Rank::Sum, &sum, "+", &c), "a + b + c");
        assert_eq!(shown(Rank::Sum, &c, "+", &sum), "c + (a + b)");
        assert_eq!(shown(Rank::Product, &sum, "*", &c), "(a + b) * c");
        assert_eq!(shown(Rank::Product, &c, "/", &product), "c / (a * b)");
        assert_eq!(shown(Rank::Sum, &c, "-", &product), "c - a * b");
        let minus = Text::negative(&product);
        assert_eq!(minus.text, "-a * b");
        assert_eq!(shown(Rank::Product, &c, "*", &minus), "c * (-a * b)");
        assert_eq!(Text::negative(&minus).text, "-(-a * b)");
        assert_eq!(Text::negative(&sum).text, "-(a + b)");
        assert_eq!(shown(Rank::Sum, &c, "-", &Text::negative(&a)), "c - -a");
        assert_eq!(Text::negative(&Text::number(-2.0)), Text::number(2.0));
    }
}
