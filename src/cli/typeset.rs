//! Formulas for titles and legends: the text of the language, in the signs of a textbook.
//!
//! `2*alpha*x^2` becomes `2α·x²`. It is for eyes only: it need not read back.

use crate::syntax::print;

/// Writes a formula with raised exponents, lowered indices, Greek letters and `·`.
pub fn typeset(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_alphabetic() || c == '_' {
            let end = run(&chars, at, |c| c.is_alphanumeric() || c == '_');
            let word: String = chars[at..end].iter().collect();
            let called = chars.get(end) == Some(&'(');
            out += &if called { word } else { name(&word) };
            at = end;
        } else if c.is_ascii_digit() || c == '.' {
            let end = number_end(&chars, at);
            out.extend(&chars[at..end]);
            at = end;
            // 2*x is 2x, but 2*3 is not 23, and 2*e3 not 2e3.
            let next = chars.get(at + 1);
            let letter = next.is_some_and(|c| c.is_alphabetic() && !"eE".contains(*c));
            if chars.get(at) == Some(&'*') && letter {
                at += 1;
            }
        } else if c == '^' {
            let (raised, end) = exponent(&chars, at + 1);
            out += &raised;
            at = end;
        } else {
            out.push(match c {
                '*' => '·',
                '-' => '−',
                c => c,
            });
            at += 1;
        }
    }
    out
}

/// The end of what began at `from`.
fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    let length = chars[from..].iter().take_while(|c| belongs(**c)).count();
    from + length
}

/// The end of a number, exponent included.
fn number_end(chars: &[char], from: usize) -> usize {
    let end = run(chars, from, |c| c.is_ascii_digit() || c == '.');
    if !chars.get(end).is_some_and(|c| "eE".contains(*c)) {
        return end;
    }
    let signed = chars.get(end + 1).is_some_and(|c| "+-".contains(*c));
    let digits = end + 1 + usize::from(signed);
    match run(chars, digits, |c| c.is_ascii_digit()) {
        same if same == digits => end,
        after => after,
    }
}

/// A whole exponent raised, and where it ends; any other one as it is.
fn exponent(chars: &[char], from: usize) -> (String, usize) {
    let bracket = chars.get(from) == Some(&'(');
    let sign_at = from + usize::from(bracket);
    let negative = chars.get(sign_at) == Some(&'-');
    let digits = sign_at + usize::from(negative);
    let end = run(chars, digits, |c| c.is_ascii_digit());
    let closed = match bracket {
        true => chars.get(end) == Some(&')'),
        // 2.5, 2e3 and n! are no whole exponents.
        false => !negative && !chars.get(end).is_some_and(|c| ".eE!".contains(*c)),
    };
    if end == digits || !closed {
        return ("^".to_owned(), from);
    }
    let sign = if negative { "⁻" } else { "" };
    let raised: String = chars[digits..end].iter().map(|c| raised(*c)).collect();
    (format!("{sign}{raised}"), end + usize::from(bracket))
}

fn raised(digit: char) -> char {
    ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize - '0' as usize]
}

fn lowered(digit: char) -> char {
    char::from_u32('₀' as u32 + digit as u32 - '0' as u32).expect("ten in a row")
}

/// The name of a variable: `alpha_1` is α₁, `b2` is b₂.
pub fn name(word: &str) -> String {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &word[stem.len()..];
    let stem = match digits {
        "" => stem,
        _ => stem.strip_suffix('_').unwrap_or(stem),
    };
    if stem.is_empty() {
        return word.to_owned();
    }
    let stem = print::greek_letter(stem).unwrap_or(stem);
    let digits: String = digits.chars().map(lowered).collect();
    format!("{stem}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_look_as_in_a_textbook() {
        for (text, shown) in [
            ("x^3 - 2*x + 1", "x³ − 2x + 1"),
            ("2*alpha*x^2", "2α·x²"),
            ("b1*(1 - exp(-b2*x))", "b₁·(1 − exp(−b₂·x))"),
            ("x^10*y_12", "x¹⁰·y₁₂"),
            ("x^(-2)", "x⁻²"),
            ("x^(n + 1)", "x^(n + 1)"),
            ("x^(1/3)", "x^(1/3)"),
            ("x^2.5", "x^2.5"),
            ("2^x", "2^x"),
            ("log2(x) + atan2(y, x)", "log2(x) + atan2(y, x)"),
            ("gamma(x)", "gamma(x)"),
            ("1e-7*x", "1e-7x"),
            ("2*3", "2·3"),
            ("2*e^x", "2·e^x"),
            ("x2*y", "x₂·y"),
            ("_1", "_1"),
            ("2*pi*t", "2π·t"),
        ] {
            assert_eq!(typeset(text), shown, "{text}");
        }
    }
}
