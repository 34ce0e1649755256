//! How LaTeX writes functions and the names of variables.

use super::Level;
use crate::expr::Function;

/// How a function is written around its arguments.
pub(super) enum Form {
    /// `\sin\left(x\right)`; an exponent stands behind the name: `\sin^{2}\left(x\right)`.
    Name(&'static str),
    /// `\Gamma\left(x\right)`; an exponent stands behind the argument.
    Applied(&'static str),
    /// Before, after, how tightly the whole binds.
    Around(&'static str, &'static str, Level),
    /// Between two arguments, each as a sum at least; the whole is written in parentheses inside a sum.
    Infix(&'static str),
    /// Before, between and after two arguments.
    Mixfix(&'static str, &'static str, &'static str, Level),
}

/// The table, exhaustive so that a new function does not compile without its notation.
pub(super) fn form(f: Function) -> Form {
    use Form::{Applied, Around, Infix, Mixfix, Name};
    use Function as F;
    match f {
        F::Exp => Around("e^{", "}", Level::Power),
        F::Expm1 => Around("e^{", "} - 1", Level::Sum),
        F::Log => Name(r"\ln"),
        F::Log1p => Around(r"\ln\left(1 + ", r"\right)", Level::Atom),
        F::Log2 => Name(r"\log_{2}"),
        F::Log10 => Name(r"\log_{10}"),
        F::Sin => Name(r"\sin"),
        F::Cos => Name(r"\cos"),
        F::Tan => Name(r"\tan"),
        F::Cot => Name(r"\cot"),
        F::Sec => Name(r"\sec"),
        F::Csc => Name(r"\csc"),
        F::Asin => Name(r"\arcsin"),
        F::Acos => Name(r"\arccos"),
        F::Atan => Name(r"\arctan"),
        F::Acot => Name(r"\operatorname{arccot}"),
        F::Asec => Name(r"\operatorname{arcsec}"),
        F::Acsc => Name(r"\operatorname{arccsc}"),
        F::Sinh => Name(r"\sinh"),
        F::Cosh => Name(r"\cosh"),
        F::Tanh => Name(r"\tanh"),
        F::Coth => Name(r"\coth"),
        F::Sech => Name(r"\operatorname{sech}"),
        F::Csch => Name(r"\operatorname{csch}"),
        F::Asinh => Name(r"\operatorname{arsinh}"),
        F::Acosh => Name(r"\operatorname{arcosh}"),
        F::Atanh => Name(r"\operatorname{artanh}"),
        F::Acoth => Name(r"\operatorname{arcoth}"),
        F::Asech => Name(r"\operatorname{arsech}"),
        F::Acsch => Name(r"\operatorname{arcsch}"),
        F::Cbrt => Around(r"\sqrt[3]{", "}", Level::Atom),
        F::Atan2 => Applied(r"\operatorname{atan2}"),
        F::Hypot => Applied(r"\operatorname{hypot}"),
        F::Abs => Around(r"\left|", r"\right|", Level::Atom),
        F::Sign => Applied(r"\operatorname{sgn}"),
        F::Floor => Around(r"\left\lfloor ", r"\right\rfloor", Level::Atom),
        F::Ceil => Around(r"\left\lceil ", r"\right\rceil", Level::Atom),
        F::Round => Applied(r"\operatorname{round}"),
        F::Min => Applied(r"\min"),
        F::Max => Applied(r"\max"),
        F::Mod => Mixfix("", r" \bmod ", "", Level::Sum),
        F::Sigmoid => Applied(r"\sigma"),
        F::Softplus => Applied(r"\operatorname{softplus}"),
        F::Relu => Applied(r"\operatorname{relu}"),
        F::Step => Applied(r"\operatorname{step}"),
        F::Erf => Applied(r"\operatorname{erf}"),
        F::Erfc => Applied(r"\operatorname{erfc}"),
        F::NormalPdf => Applied(r"\varphi"),
        F::NormalCdf => Applied(r"\Phi"),
        F::Gamma => Applied(r"\Gamma"),
        F::Lgamma => Applied(r"\ln\Gamma"),
        F::Digamma => Applied(r"\psi"),
        F::Polygamma => Mixfix(r"\psi^{(", r")}\left(", r"\right)", Level::Atom),
        F::Xlogy => Mixfix("", r" \ln\left(", r"\right)", Level::Product),
        F::Less => Infix(" < "),
        F::LessEqual => Infix(r" \le "),
        F::Greater => Infix(" > "),
        F::GreaterEqual => Infix(r" \ge "),
        F::Equal => Infix(" = "),
        F::NotEqual => Infix(r" \ne "),
        F::And => Infix(r" \land "),
        F::Or => Infix(r" \lor "),
        F::Not => Around(r"\lnot ", "", Level::Not),
    }
}

/// Letters as the language names them and as people paste them; upper case where LaTeX has its own.
const GREEK: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("phi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Upsilon", "Υ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("varepsilon", "ϵ"),
    ("vartheta", "ϑ"),
    ("varphi", "ϕ"),
];

/// The head of a name and its index: of `x_1` and `x1` they are x and 1.
fn taken_apart(plain: &str) -> (&str, &str) {
    match plain.split_once('_') {
        Some((head, index)) if !head.is_empty() => (head, index.trim_matches('_')),
        _ => plain.split_at(plain.trim_end_matches(|c: char| c.is_ascii_digit()).len()),
    }
}

/// Other names that look like this one.
pub(super) fn twins(name: &str) -> Vec<String> {
    // A single letter has its look from no other name but `x_`.
    let plain: String = name.chars().map(plain_digit).collect();
    let (head, index) = taken_apart(&plain);
    let words = |word: &str| -> Vec<String> {
        let greek = GREEK
            .iter()
            .find(|(known, letter)| [known, letter].contains(&&word));
        match greek {
            Some((known, letter)) => vec![(*known).to_owned(), (*letter).to_owned()],
            None => vec![word.to_owned()],
        }
    };
    let mut twins = Vec::new();
    for head in words(head) {
        for index in words(index) {
            for (before, behind) in [("", ""), ("_", ""), ("__", ""), ("", "_"), ("_", "_")] {
                let twin = format!("{head}{before}{index}{behind}");
                // `ab` is no head with an index, `a1` is.
                let (h, i) = taken_apart(&twin);
                if twin != name && (h, i.trim_matches('_')) == (&head[..], &index[..]) {
                    twins.push(twin);
                }
            }
        }
    }
    twins
}

/// The name of a variable: `x_1` and `x1` are x with an index, `alpha` is the letter, `rate` stands upright.
pub(super) fn symbol(name: &str, out: &mut String) {
    let plain: String = name.chars().map(plain_digit).collect();
    let (head, index) = taken_apart(&plain);
    word(head, out);
    if !index.is_empty() {
        out.push_str("_{");
        for (at, part) in index.split('_').enumerate() {
            out.push_str(if at > 0 { "," } else { "" });
            word(part, out);
        }
        out.push('}');
    }
}

/// The name of a variable as it is written.
pub(super) fn verbatim(name: &str, out: &mut String) {
    out.push_str(r"\mathrm{");
    escape(name, out);
    out.push('}');
}

/// The letter of a Greek name: `alpha` is α.
pub fn greek_letter(name: &str) -> Option<&'static str> {
    let found = GREEK.iter().find(|(known, _)| *known == name);
    found.map(|(_, letter)| *letter)
}

fn word(word: &str, out: &mut String) {
    if let Some((name, _)) = GREEK
        .iter()
        .find(|(name, letter)| [name, letter].contains(&&word))
    {
        out.extend(["\\", name]);
    } else if word.chars().count() < 2 || word.bytes().all(|b| b.is_ascii_digit()) {
        escape(word, out);
    } else {
        out.push_str(r"\mathrm{");
        escape(word, out);
        out.push('}');
    }
}

fn escape(word: &str, out: &mut String) {
    for c in word.chars() {
        if "#$%&{}_".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// `x₁` is x with the index 1.
fn plain_digit(c: char) -> char {
    match c {
        '₀'..='₉' => (b'0' + (c as u32 - '₀' as u32) as u8) as char,
        _ => c,
    }
}
